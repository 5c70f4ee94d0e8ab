"""A small workflow across a year's end, and its result as rows that can be compared between stacks."""

from tests.e2e.stack import Row, Stack, wait_until

MINUTES, POINTS, SEED, START = 4, 120, 11, "2026-12-31T23:58:00+01:00"
TABLES = ("events", "quarantine", "rejected", "sites")
ARRIVAL = ("year", "month", "day", "hour")

Result = dict[str, list[Row]]


def result(stack: Stack) -> Result:
    tables = {name: stack.table(name) for name in TABLES}
    # Partitioned by arrival hour, which may differ between the two stacks.
    tables["rejected"] = [{key: row[key] for key in row if key not in ARRIVAL} for row in tables["rejected"]]
    return {name: sorted(rows, key=str) for name, rows in tables.items()}


def deliver(stack: Stack, at_least: int) -> None:
    """Wait until events have arrived in S3 and no more arrive."""
    seen = 0

    def settled() -> bool:
        nonlocal seen
        before, seen = seen, len(stack.raw_events())
        return seen >= at_least and seen == before

    wait_until(settled, 120, "delivery of every event")


def run(stack: Stack) -> Result:
    stack.publish(MINUTES, POINTS, SEED, START)
    deliver(stack, MINUTES * POINTS)
    stack.execute()
    return result(stack)
