"""The AWS calls that job runs made: recorded as requests pass, and listed by job for its IAM policy."""

from typing import Any

from glue_local.core.wsgi import Caller
from glue_local.recorded_calls import Call
from glue_local.store import Store, kinds
from glue_local.worker_api.context import PrivateContext

SENT = 46
"""How many characters of a run's id fit into the application id that SDKs send."""


class Calls:
    """Records each distinct call of a run once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: set[tuple[Caller, str, Call]] = set()

    def note(self, caller: Caller, run: str, call: Call) -> None:
        """Record a call of the run whose id starts with ``run``."""
        if (caller, run, call) not in self._noted:
            self._noted.add((caller, run, call))
            self._store.scope(caller.account, caller.region).insert(kinds.CALL, run, *call, doc={})


def calls_of_job(ctx: PrivateContext, body: dict[str, Any], job: str) -> dict[str, Any]:
    """Return {Runs, Calls: [{Action, Resource}]}: the number of runs of a job, and the calls they made."""
    runs = {
        (account, region, key[1][:SENT])
        for account, region, key, _ in ctx.store.everywhere(kinds.JOB_RUN)
        if key[0] == job
    }
    calls = {
        key[1:] for account, region, key, _ in ctx.store.everywhere(kinds.CALL) if (account, region, key[0]) in runs
    }
    return {
        "Runs": len(runs),
        "Calls": [{"Action": action, "Resource": resource} for action, resource in sorted(calls)],
    }
