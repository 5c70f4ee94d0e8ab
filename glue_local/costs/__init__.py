"""What job runs, crawls and executions would have cost on AWS, at the list prices of ``glue_local.prices``.

Each is read as boto3 returns it. Local seconds are billed as AWS's seconds.
"""

from typing import NamedTuple

from glue_local import prices


class Cost(NamedTuple):
    """A price in USD for usage of one service."""

    service: str
    usage: str
    usd: float


def total(costs: list[Cost]) -> float:
    """Return the sum in USD."""
    return sum(cost.usd for cost in costs)


def dollars(usd: float) -> str:
    """Return a price as text; four decimals, because the cheapest run costs $0.0005."""
    return f"${usd:.4f}"


BASIS = f"at list prices of {prices.REGION}, {prices.AS_OF}, as if it took as long on AWS"
"""What every estimate is based on."""
EXCLUDED = "without S3 requests, storage, logs and Data Catalog requests"
"""What the estimate of an execution does not include."""
