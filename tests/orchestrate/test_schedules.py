"""Schedule expressions of triggers: cron, rate, and the shortest interval."""

import pytest

from glue_local.core.faults import Invalid
from glue_local.orchestrate.schedules import parse_schedule

HOUR = 3600.0


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("rate(1 hour)", 100.0, 100.0 + HOUR),
        ("rate(1 hour)", 99 + HOUR, 100.0 + HOUR),
        ("rate(1 hour)", 100 + HOUR, 100.0 + 2 * HOUR),
        ("rate(5 minutes)", 0.0, 400.0),
        ("rate( 2  days )", 100.0, 100.0 + 48 * HOUR),
        ("cron(0 1 * * ? *)", 100.0, HOUR),
    ],
)
def test_a_rate_counts_from_its_anchor_and_cron_does_not(expression: str, after: float, expected: float) -> None:
    assert parse_schedule(expression, anchor=100.0)(after) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "every hour",
        "cron(0 10 * * *)",
        "rate(1 hours)",
        "rate(5 minute)",
        "rate(0 minutes)",
        "rate(-5 minutes)",
        "rate(1.5 hours)",
        "rate(4 minutes)",
        "rate(1 minute)",
        "cron(0/4 * * * ? *)",
        "cron(0,58 * * * ? *)",
        "cron(0,59 0,23 * * ? *)",
        "at(2026-01-01T00:00:00)",
    ],
)
def test_expressions_that_aws_refuses_are_refused(expression: str) -> None:
    with pytest.raises(Invalid, match="Invalid schedule expression"):
        parse_schedule(expression, anchor=0)


def test_minutes_of_hours_that_are_not_consecutive_are_not_too_close() -> None:
    assert parse_schedule("cron(0,58 1,3 * * ? *)", anchor=0)(0) == HOUR


def test_another_service_may_have_a_shorter_interval() -> None:
    assert parse_schedule("rate(1 minute)", anchor=0, shortest=1)(0) == 60
