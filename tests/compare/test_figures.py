"""The figures as text, and the notes on figures that were not counted."""

from dataclasses import replace

import pytest

from glue_local.compare.figures import Figures, figures, size
from glue_local.compare.measure import Measured
from glue_local.compare.rows import TableRows

ROWS = [TableRows("sites", 900, 0, 0)]


def texts(found: Figures) -> dict[str, tuple[str, str]]:
    return {each.name: each.texts for each in (*found.measures, *found.prices)}


def test_every_figure_is_shown_for_both(glue: Measured, athena: Measured) -> None:
    found = texts(figures(glue, athena, ROWS, 10))
    assert found["run time"] == ("30.0 s", "20.0 s")
    assert found["time to first result"] == ("18.0 s", "10.0 s")
    assert found["bytes scanned by queries"] == ("0 B", "41.9 MB")
    assert found["read from S3"] == ("5.0 MB", "3.0 MB")
    assert found["S3 requests"] == ("1,250", "600")
    assert found["lines of code"] == ("300", "100")
    assert found["lines of state machine"] == ("200", "500")
    assert found["1× (850 events)"][0] == "0.0167"
    assert "100× (85,000 events)" in found


def test_figures_that_were_not_counted_are_noted(glue: Measured, athena: Measured) -> None:
    found = figures(replace(glue, requests=None), replace(athena, requests=None), ROWS, 10)
    assert texts(found)["S3 requests"] == ("–", "–")
    assert found.notes == [
        "S3 requests and bytes were not counted, because another server provides S3; their price is not included."
    ]
    assert figures(glue, athena, ROWS, 10).notes == []
    assert figures(replace(glue, smaller=replace(glue, events=200)), athena, ROWS, 10).notes == [
        "The smaller execution processed 200 events."
    ]


def test_bars_are_shares_of_the_larger_value(glue: Measured, athena: Measured) -> None:
    found = {each.name: each.shares for each in figures(glue, athena, ROWS, 10).measures}
    assert found["run time"] == (100, pytest.approx(66.67))
    assert found["bytes scanned by queries"] == (0, 100)


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2e9, "2.0 GB")])
def test_sizes(count: float, text: str) -> None:
    assert size(count) == text
