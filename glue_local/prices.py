"""AWS list prices without taxes, free tiers and discounts, with their date and sources, and the price of usage."""

import math
from collections.abc import Mapping
from typing import NamedTuple

AS_OF = "2026-10-07"
REGION = "us-east-1"


class Price(NamedTuple):
    """A price in USD per unit, and its source."""

    usd: float
    per: str
    source: str


_PRICE_LIST = "AWS Price List API"
_QUOTED = "AWS's pricing page, quoted by another source"

GLUE_DPU_HOUR = Price(0.44, "DPU-hour", _PRICE_LIST)
GLUE_DPU_HOUR_FLEX = Price(0.29, "DPU-hour", _PRICE_LIST)
GLUE_6_DPU_HOUR = Price(0.308, "DPU-hour", _PRICE_LIST)
GLUE_6_DPU_HOUR_FLEX = Price(0.203, "DPU-hour", _PRICE_LIST)
GLUE_MINIMUM_SECONDS = 60
"""The minimum billed time of a run; longer runs are billed by the second. https://aws.amazon.com/glue/pricing/"""
GLUE_FIRST_MINIMUM_SECONDS = 600
"""That of Spark runs of Glue 0.9 and 1.0."""
CRAWLER_DPU_HOUR = Price(0.44, "DPU-hour", _QUOTED)
CRAWLER_MINIMUM_SECONDS = 600
"""The minimum billed time of a crawl."""
CRAWLER_DPUS = 2
"""The DPUs of a crawl. AWS chooses them and documents no rule; this is the number in the example of its pricing page."""

ATHENA_TERABYTE = Price(5.0, "TB scanned", _QUOTED)
ATHENA_MINIMUM_BYTES = 10 * 1024**2
"""The minimum billed bytes of a query. DDL and failed queries are free. https://aws.amazon.com/athena/pricing/"""

KINESIS_SHARD_HOUR = Price(0.015, "shard-hour", _QUOTED)
KINESIS_MILLION_PUTS = Price(0.014, "million PUT units of 25 KB", _QUOTED)
FIREHOSE_GIGABYTE = Price(0.029, "GB", _QUOTED)
FIREHOSE_RECORD_KILOBYTES = 5
"""Firehose bills records in multiples of this size."""
S3_THOUSAND_PUTS = Price(0.005, "1 000 PUT, COPY, POST and LIST requests", _QUOTED)
S3_THOUSAND_GETS = Price(0.0004, "1 000 GET and other requests", _QUOTED)
STATES_THOUSAND_TRANSITIONS = Price(0.025, "1 000 state transitions", _QUOTED)

# https://docs.aws.amazon.com/glue/latest/dg/worker-types.html
DPUS = {
    "Standard": 1.0, "G.025X": 0.25, "G.1X": 1.0, "G.2X": 2.0, "G.4X": 4.0, "G.8X": 8.0, "G.12X": 12.0, "G.16X": 16.0,
    "R.1X": 1.0, "R.2X": 2.0, "R.4X": 4.0, "R.8X": 8.0,
}  # fmt: skip

_TERABYTE, _MEGABYTE = 1024**4, 1024**2
_AT_PUTS = frozenset(("PUT", "COPY", "POST", "LIST"))
_FREE = frozenset(("DELETE",))


def glue_rate(glue_version: str = "", execution_class: str = "") -> Price:
    """Return the price of a DPU-hour for a job's GlueVersion and ExecutionClass."""
    if glue_version == "6.0":
        return GLUE_6_DPU_HOUR_FLEX if execution_class == "FLEX" else GLUE_6_DPU_HOUR
    return GLUE_DPU_HOUR_FLEX if execution_class == "FLEX" else GLUE_DPU_HOUR


def glue_minimum(glue_version: str = "", python_shell: bool = False) -> int:
    """Return the minimum billed seconds of a run of a job with this GlueVersion."""
    return GLUE_FIRST_MINIMUM_SECONDS if glue_version in ("0.9", "1.0") and not python_shell else GLUE_MINIMUM_SECONDS


def glue_run(dpus: float, seconds: float, rate: Price = GLUE_DPU_HOUR, minimum: int = GLUE_MINIMUM_SECONDS) -> float:
    """Return the price in USD of a job run that took ``seconds``."""
    return dpus * max(seconds, minimum) / 3600 * rate.usd


def crawl_dpu_hours(seconds: float) -> float:
    """Return the DPU-hours that a crawl of ``seconds`` used, without AWS's minimum."""
    return CRAWLER_DPUS * math.ceil(seconds) / 3600


def crawl(seconds: float) -> float:
    """Return the price in USD of a crawl that took ``seconds``."""
    return crawl_dpu_hours(max(seconds, CRAWLER_MINIMUM_SECONDS)) * CRAWLER_DPU_HOUR.usd


def athena_query(scanned: float) -> float:
    """Return the price in USD of a query that scanned ``scanned`` bytes; AWS rounds up to the next megabyte."""
    megabytes = math.ceil(max(scanned, ATHENA_MINIMUM_BYTES) / _MEGABYTE)
    return megabytes * _MEGABYTE / _TERABYTE * ATHENA_TERABYTE.usd


def s3_requests(by_kind: Mapping[str, float]) -> float:
    """Return the price in USD of requests to S3 by kind: PUT, COPY, POST, LIST, GET, HEAD, DELETE."""
    puts = sum(count for kind, count in by_kind.items() if kind in _AT_PUTS)
    gets = sum(count for kind, count in by_kind.items() if kind not in _AT_PUTS | _FREE)
    return puts / 1000 * S3_THOUSAND_PUTS.usd + gets / 1000 * S3_THOUSAND_GETS.usd


def state_transitions(count: float) -> float:
    """Return the price in USD of transitions of a standard state machine."""
    return count / 1000 * STATES_THOUSAND_TRANSITIONS.usd
