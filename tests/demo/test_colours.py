"""Scales: what a reader of the plots relies on."""

import pytest

from glue_local.demo.scale import UNKNOWN, linear, speed_colour, ticks


def test_forty_is_a_jam_and_its_colour_says_so() -> None:
    assert speed_colour(40.0) == speed_colour(21.0)
    assert speed_colour(40.1) != speed_colour(40.0)
    assert speed_colour(None) == UNKNOWN
    assert speed_colour(300.0)


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [(0, 13, [0, 2, 4, 6, 8, 10, 12]), (0.4, 1.2, [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2]), (5, 5, [5])],
)
def test_ticks_are_round(low: float, high: float, marks: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(marks)


def test_linear_may_run_backwards_and_survives_a_point() -> None:
    assert linear(0, 10, 100, 0)(2.5) == 75
    assert linear(3, 3, 0, 100)(3) == 0
