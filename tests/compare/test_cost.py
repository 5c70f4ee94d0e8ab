"""Prices of executions at multiples of their volume, and the break-even."""

from dataclasses import replace

import pytest

from glue_local.compare.cost import break_even, lines, total
from glue_local.compare.measure import Measured, Query, Requests

MINUTE_OF_TWO_DPUS = 2 / 60 * 0.44


def by_service(measured: Measured, volume: float = 1) -> dict[str, float]:
    return {line.service: line.usd for line in lines(measured, volume)}


def test_each_service_is_priced_from_the_measured_usage(glue: Measured, athena: Measured) -> None:
    assert by_service(glue) == {
        "Glue": pytest.approx(MINUTE_OF_TWO_DPUS + 0.0625 / 60 * 0.44),
        "Athena": 0,
        "S3 requests": pytest.approx(200 / 1000 * 0.005 + 1000 / 1000 * 0.0004),
        "Step Functions": pytest.approx(9 * 0.000025),
    }
    assert by_service(athena)["Athena"] == pytest.approx(40 / 1024**2 * 5), "DDL is free"


def test_spark_jobs_scans_and_requests_grow_with_the_volume_and_minimums_hold(glue: Measured, athena: Measured) -> None:
    shell = 0.0625 / 60 * 0.44
    assert by_service(glue, 5)["Glue"] == pytest.approx(MINUTE_OF_TWO_DPUS + shell), "5 x 12 s is the minimum"
    assert by_service(glue, 10)["Glue"] == pytest.approx(2 * MINUTE_OF_TWO_DPUS + shell)
    assert by_service(athena, 10)["Athena"] == pytest.approx(400 / 1024**2 * 5)
    assert by_service(athena, 0.01)["Athena"] == pytest.approx(10 / 1024**2 * 5)
    assert by_service(glue, 10)["S3 requests"] == pytest.approx(10 * by_service(glue)["S3 requests"])
    assert by_service(glue, 10)["Step Functions"] == by_service(glue)["Step Functions"]


def test_with_a_smaller_execution_constant_parts_do_not_grow(glue: Measured, athena: Measured) -> None:
    half = replace(
        glue,
        events=425,
        runs=[glue.runs[0], replace(glue.runs[1], seconds=10)],
        requests=Requests({"GET": 900, "PUT": 200}),
    )
    both = replace(glue, smaller=half)
    # 12 s for 850 events and 10 s for 425: 4 s of 12 grow.
    assert by_service(both, 13)["Glue"] == pytest.approx(2 * 60 / 3600 * 0.44 + 0.0625 / 60 * 0.44), "8 + 13 x 4 = 60 s"
    assert by_service(both, 28)["Glue"] == pytest.approx(4 * 60 / 3600 * 0.44 + 0.0625 / 60 * 0.44)
    assert by_service(both, 11)["S3 requests"] == pytest.approx(0.2 * 0.005 + 3.0 * 0.0004)
    assert by_service(both) == by_service(glue)
    less = replace(athena, events=425, queries=[athena.queries[0], replace(athena.queries[1], scanned=30 * 1024**2)])
    assert by_service(replace(athena, smaller=less), 2)["Athena"] == pytest.approx(60 / 1024**2 * 5)


def test_a_time_that_did_not_grow_is_proportional_and_other_figures_are_constant(glue: Measured) -> None:
    slow = replace(glue, events=425, runs=[glue.runs[0], replace(glue.runs[1], seconds=99)])
    both = replace(glue, smaller=slow)
    assert by_service(both, 100)["Glue"] == by_service(glue, 100)["Glue"]
    assert by_service(both, 100)["S3 requests"] == by_service(glue)["S3 requests"]


def test_without_counted_requests_their_price_is_missing(glue: Measured) -> None:
    assert by_service(replace(glue, requests=None))["S3 requests"] == 0


def test_the_break_even_is_where_both_cost_the_same(glue: Measured, athena: Measured) -> None:
    hungry = replace(athena, queries=[Query("INSERT INTO t", 2 * 1024**3, True)])
    crossing = break_even(glue, hungry)
    assert crossing is not None
    assert crossing.cheaper == "Glue"
    assert total(glue, crossing.volume) == pytest.approx(total(hungry, crossing.volume), rel=0.01)
    assert total(hungry, 2 * crossing.volume) > total(glue, 2 * crossing.volume)
    assert break_even(hungry, glue) == crossing


def test_there_may_be_no_break_even(glue: Measured, athena: Measured) -> None:
    assert total(athena) < total(glue)
    assert break_even(glue, replace(athena, queries=[])) is None
