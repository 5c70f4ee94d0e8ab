"""Indexes of job runs, workflow runs and crawls by start time, so that reading a page of the latest reads no other rows."""

from typing import NamedTuple

from glue_local.store import kinds

PARENT = "substr(key, 1, instr(key, char(31)) - 1)"
"""The first part of the key: the name of the job, workflow or crawler."""


class RunOrder(NamedTuple):
    """An index: its name, its kinds of documents, and their member with the start time."""

    name: str
    kinds: tuple[str, ...]
    member: str

    @property
    def condition(self) -> str:
        """The condition of the index. A query must repeat it, or SQLite does not use the index."""
        return f"kind IN ({', '.join(repr(kind) for kind in self.kinds)})"

    @property
    def started(self) -> str:
        """The SQL expression of the start time."""
        return f"json_extract(document, '$.{self.member}')"


_ORDERS = (
    RunOrder("runs_by_start", (kinds.JOB_RUN, kinds.WORKFLOW_RUN), "StartedOn"),
    RunOrder("crawls_by_start", (kinds.CRAWL,), "StartTime"),
)
BY_KIND = {kind: order for order in _ORDERS for kind in order.kinds}

SCHEMA = "".join(
    f"CREATE INDEX IF NOT EXISTS {order.name} ON documents"
    f" (account, region, kind, {PARENT}, {order.started}, key) WHERE {order.condition};\n"
    for order in _ORDERS
)
