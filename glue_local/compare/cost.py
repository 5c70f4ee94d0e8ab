"""Estimate the price of an execution on AWS, at its own volume and at multiples of it; see ``ASSUMPTIONS``."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from glue_local import prices
from glue_local.compare.measure import Measured

VOLUMES = (1, 10, 100)
ASSUMPTIONS = (
    "Jobs take as long on AWS as on this machine, with the workers in their definitions.",
    "Spark run times, scanned bytes and S3 requests have a constant part and a part in proportion to the events, both"
    " computed from this execution and a smaller one.",
    "If a Spark job took no longer with more events, its whole run time grows in proportion, which overestimates it.",
    "The run times of Python shell jobs, the number of statements and the state transitions are constant.",
    f"Each run is billed for at least {prices.GLUE_MINIMUM_SECONDS} s, each query for at least 10 MB; DDL is free.",
    "Ingestion, storage, logs and Data Catalog requests are not included, because both workflows need the same.",
)
_PER_DECADE = 24


class Line(NamedTuple):
    """The price of one service in USD."""

    service: str
    usd: float


def lines(measured: Measured, volume: float = 1) -> list[Line]:
    """Return the price of an execution with ``volume`` times as many events, by service."""
    extrapolated = partial(_extrapolated, measured, volume)
    glue = sum(
        prices.glue_run(
            run.dpus,
            extrapolated(_seconds_of(run.job), timed=True) if run.spark else run.seconds,
            run.rate,
            run.minimum,
        )
        for run in measured.runs
    )
    athena = sum(
        prices.athena_query(extrapolated(_scanned_by(at))) for at, query in enumerate(measured.queries) if query.billed
    )
    kinds = measured.requests.by_kind if measured.requests else {}
    requests = {kind: extrapolated(_requests_of(kind)) for kind in kinds}
    return [
        Line("Glue", glue),
        Line("Athena", athena),
        Line("S3 requests", prices.s3_requests(requests)),
        Line("Step Functions", prices.state_transitions(measured.transitions)),
    ]


Quantity = Callable[[Measured], float]


def _extrapolated(measured: Measured, volume: float, quantity: Quantity, timed: bool = False) -> float:
    """Extrapolate a quantity to ``volume`` times as many events, on the line through both executions.

    Without a smaller execution, the quantity grows in proportion. So does a time that did not grow: the first execution
    may have been slower for other reasons, such as a cold JVM. The growing part is never negative, nor is the rest.
    """
    now, smaller = quantity(measured), measured.smaller
    if smaller is None or smaller.events >= measured.events:
        return now * volume
    growing = (now - quantity(smaller)) / (measured.events - smaller.events) * measured.events
    if timed and growing <= 0:
        growing = now
    return now + min(max(growing, 0), now) * (volume - 1)


def _seconds_of(job: str) -> Quantity:
    return lambda measured: sum(run.seconds for run in measured.runs if run.job == job)


def _scanned_by(statement: int) -> Quantity:
    return lambda measured: measured.queries[statement].scanned if statement < len(measured.queries) else 0


def _requests_of(kind: str) -> Quantity:
    return lambda measured: measured.requests.by_kind.get(kind, 0) if measured.requests else 0


def total(measured: Measured, volume: float = 1) -> float:
    """Return the price of an execution with ``volume`` times as many events, in USD."""
    return sum(line.usd for line in lines(measured, volume))


class BreakEven(NamedTuple):
    """The multiple of the volume at which two workflows cost the same; above it, ``cheaper`` is the cheaper one."""

    volume: float
    cheaper: str


def break_even(one: Measured, other: Measured) -> BreakEven | None:
    """Return the largest multiple of the volume, up to a million, at which both cost the same, or None."""

    def difference(volume: float) -> float:
        return total(one, volume) - total(other, volume)

    steps = [10 ** (exponent / _PER_DECADE) for exponent in range(-2 * _PER_DECADE, 6 * _PER_DECADE + 1)]
    for low, high in reversed(list(zip(steps, steps[1:], strict=False))):
        if (difference(low) > 0) != (difference(high) > 0):
            cheaper = other if difference(high) > 0 else one
            return BreakEven(_bisected(difference, low, high), cheaper.workflow.title)
    return None


def _bisected(difference: Callable[[float], float], low: float, high: float) -> float:
    above = difference(high) > 0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if (difference(middle) > 0) == above else (middle, high)
    return high
