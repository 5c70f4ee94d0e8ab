"""Scales of the plots: colours, ticks and linear mapping."""

import pytest

from glue_local.demo.colours import UNKNOWN, linear, speed_class, ticks


def test_forty_km_h_has_the_colour_of_a_jam() -> None:
    assert speed_class(40.0) == speed_class(21.0) == "s1"
    assert speed_class(40.1) == "s2"
    assert speed_class(None) == UNKNOWN.name
    assert speed_class(300.0) == "s5"


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [(0, 13, [0, 2, 4, 6, 8, 10, 12]), (0.4, 1.2, [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2]), (5, 5, [5])],
)
def test_ticks_are_round(low: float, high: float, marks: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(marks)


def test_a_linear_scale_may_be_inverted_or_empty() -> None:
    assert linear(0, 10, 100, 0)(2.5) == 75
    assert linear(3, 3, 0, 100)(3) == 0
