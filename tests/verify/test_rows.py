"""Comparing rows: order is ignored, every value counts."""

from io import StringIO

import pytest
from rich.console import Console

from glue_local.cli.shared.promotion_output import show_differences
from glue_local.verify.rows import compare, load, save

ONE = {"site": "A14", "km": 1.5, "speed": 38.0, "jam": 1}
TWO = {"site": "A14", "km": 2.5, "speed": 98.0, "jam": 0}


def test_the_same_rows_in_another_order_are_equal() -> None:
    assert compare({"sites": [ONE, TWO], "none": []}, {"sites": [TWO, ONE]}) == {}


def test_a_changed_value_is_reported_with_its_column() -> None:
    found = compare({"sites": [ONE, TWO]}, {"sites": [{**ONE, "jam": 0}, TWO]})
    assert found["sites"].changed == [(ONE, {**ONE, "jam": 0})]
    assert (found["sites"].missing, found["sites"].extra, found["sites"].rows) == ([], [], 1)


def test_missing_extra_and_duplicate_rows_differ() -> None:
    assert compare({"a": [ONE, TWO]}, {"a": [ONE]})["a"].missing == [TWO]
    assert compare({"a": [ONE]}, {"a": [ONE, ONE]})["a"].extra == [ONE]
    assert compare({"a": [ONE]}, {})["a"].missing == [ONE]
    assert compare({}, {"a": [ONE]})["a"].extra == [ONE]


def test_rows_with_little_in_common_are_not_paired() -> None:
    other = {"site": "E17", "km": 9.0, "speed": 1.0, "jam": 1}
    found = compare({"a": [TWO]}, {"a": [other]})["a"]
    assert (found.missing, found.extra, found.changed) == ([TWO], [other], [])


def test_saved_rows_are_loaded_unchanged() -> None:
    assert load(save({"sites": [ONE]})) == {"sites": [ONE]}
    for text in ("[]", '{"a": 1}'):
        with pytest.raises(ValueError, match="not the rows of a verification"):
            load(text)


def test_differences_are_shown_by_row_and_column() -> None:
    out = StringIO()
    differing = compare({"sites": [ONE, *[{**TWO, "km": 100.0 + n, "jam": n} for n in range(12)]]}, {"sites": [{**ONE, "jam": 0}]})  # fmt: skip
    show_differences(Console(file=out, soft_wrap=True, highlight=False), differing)
    text = out.getvalue()
    assert "sites: 13 rows differ" in text
    assert "  ~ site=A14, km=1.5, speed=38.0, jam=1\n      jam: 1 → 0\n" in text
    assert "  - site=A14, km=100.0" in text
    assert "and 2 more" in text
