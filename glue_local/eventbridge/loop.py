"""One step of the server's loop for events, rules and schedules. The server's second schedule calls ``advance``."""

from collections.abc import Callable
from typing import Any

from glue_local.eventbridge.bus import Clients, put_events
from glue_local.eventbridge.deliveries import deliver_due, invocation
from glue_local.eventbridge.inputs import input_of
from glue_local.eventbridge.rules import RULE, fire_rule
from glue_local.eventbridge.schedules import complete, fire_schedule, input_of_schedule
from glue_local.eventbridge.targets import invoke
from glue_local.eventbridge.universal_targets import call_universal_target, universal_target
from glue_local.store import kinds
from glue_local.store.timers import Timer, due, next_due
from glue_local.work import Context

# One thread delivers: a delivery that fails is tried again later, after others.
LIMITS: dict[str, Any] = {"attempts": 1, "read_timeout": 60}
"""The limits of the clients for ``advance``."""


def advance(ctx: Context, clients: Clients, has_rules: Callable[[str, str], bool]) -> float | None:
    """Put new events on their buses, fire what is due, and deliver; return the time at which something is due again."""
    put_events(ctx, clients, has_rules)
    for timer in due(ctx.store, ctx.now, kinds.INVOCATION_TIMER):
        documents = ctx.store.scope(timer.account, timer.region)
        if timer.key[0] == RULE:
            fire_rule(ctx, documents, timer)
        elif (completed := fire_schedule(ctx, documents, timer)) is not None:
            complete(ctx, clients, timer.account, timer.region, completed)
    for timer in deliver_due(ctx, clients, _deliver):
        if timer.note.get("completes"):
            complete(ctx, clients, timer.account, timer.region, timer.note["completes"])
    times = [next_due(ctx.store, kind) for kind in (kinds.INVOCATION_TIMER, kinds.DELIVERY)]
    return min((time for time in times if time is not None), default=None)


def _deliver(ctx: Context, clients: Clients, timer: Timer) -> None:
    target = timer.note["target"]
    if "event" in timer.note:
        text = input_of(target, timer.note["event"], timer.note["source"])
    else:
        text = input_of_schedule(timer)
    if universal_target(target["Arn"]):
        call_universal_target(target["Arn"], text, clients, timer.account, timer.region)
    else:
        invoke(invocation(ctx, clients, timer, text))
