"""What usage costs at AWS's list prices: minimums, rounding and what is free."""

import pytest

from glue_local import prices


def test_prices_have_a_date_a_region_and_sources() -> None:
    assert (prices.AS_OF, prices.REGION) == ("2026-10-07", "us-east-1")
    listed = [each for each in vars(prices).values() if isinstance(each, prices.Price)]
    assert len(listed) >= 10
    assert all(price.usd > 0 and price.per and price.source for price in listed)


@pytest.mark.parametrize(("seconds", "usd"), [(1, 2 / 60 * 0.44), (60, 2 / 60 * 0.44), (90, 2 * 90 / 3600 * 0.44)])
def test_a_glue_run_costs_its_seconds_and_at_least_a_minute(seconds: float, usd: float) -> None:
    assert prices.glue_run(2, seconds) == pytest.approx(usd)


def test_the_first_versions_of_glue_and_crawlers_are_billed_for_ten_minutes() -> None:
    assert [prices.glue_minimum(*each) for each in (("0.9",), ("1.0",), ("1.0", True), ("2.0",), ("5.0",))] == [
        *(600, 600, 60, 60, 60)
    ]
    assert prices.glue_run(10, 30, minimum=prices.glue_minimum("1.0")) == pytest.approx(10 / 6 * 0.44)
    assert prices.crawl(0.4) == prices.crawl(600) == pytest.approx(2 / 6 * 0.44)
    assert prices.crawl(900.2) == pytest.approx(2 * 901 / 3600 * 0.44)
    assert prices.crawl_dpu_hours(90) == pytest.approx(0.05)


def test_the_version_and_the_execution_class_choose_the_rate() -> None:
    assert [prices.glue_rate(*each).usd for each in (("5.0", ""), ("5.0", "FLEX"), ("6.0", ""), ("6.0", "FLEX"))] == [
        *(0.44, 0.29, 0.308, 0.203)
    ]


@pytest.mark.parametrize(
    ("scanned", "megabytes"), [(0, 10), (10 * 1024**2, 10), (10 * 1024**2 + 1, 11), (1024**4, 1024**2)]
)
def test_a_query_costs_what_it_scans_in_whole_megabytes_and_at_least_ten(scanned: int, megabytes: int) -> None:
    assert prices.athena_query(scanned) == pytest.approx(megabytes / 1024**2 * 5)


def test_requests_are_priced_by_kind_and_deletes_are_free() -> None:
    assert prices.s3_requests({"PUT": 1000, "LIST": 1000}) == pytest.approx(0.01)
    assert prices.s3_requests({"GET": 1000, "HEAD": 1000, "DELETE": 1000}) == pytest.approx(0.0008)
    assert prices.state_transitions(1000) == pytest.approx(0.025)
