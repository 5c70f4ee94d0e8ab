"""What runs of jobs called: noted as requests pass, told by job for the policy of its role."""

from typing import Any

from glue_local.core.wsgi import Caller
from glue_local.private.context import PrivateContext
from glue_local.store import Store, kinds
from glue_local.wire.calls import Call

SENT = 46
"""How much of a run's id fits into what SDKs send of the application."""


class Calls:
    """Notes each call of a run once, however often it is made."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: set[tuple[Caller, str, Call]] = set()

    def note(self, caller: Caller, run: str, call: Call) -> None:
        """Store a call of the run whose id begins with ``run``."""
        if (caller, run, call) not in self._noted:
            self._noted.add((caller, run, call))
            self._store.scope(caller.account, caller.region).insert(kinds.CALL, run, *call, doc={})


def calls_of_job(ctx: PrivateContext, body: dict[str, Any], job: str) -> dict[str, Any]:
    """Return {Runs, Calls: [{Action, Resource}]}: how many runs of a job are known, and what they called."""
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
