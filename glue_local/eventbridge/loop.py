"""One step of the server's loop for events, rules and schedules. The server's second schedule calls ``advance``."""

from collections.abc import Callable

from glue_local.eventbridge.bus import Clients, put_events
from glue_local.eventbridge.deliveries import deliver_due, invocation
from glue_local.eventbridge.inputs import input_of
from glue_local.eventbridge.rules import fire_rule
from glue_local.eventbridge.targets import invoke
from glue_local.runs.delay_events import emit_delays
from glue_local.store import kinds
from glue_local.store.timers import Timer, due, next_due
from glue_local.work import Context


def advance(ctx: Context, clients: Clients, has_rules: Callable[[str, str], bool]) -> float | None:
    """Put new events on their buses, fire what is due, and deliver; return the time at which something is due again."""
    emit_delays(ctx)
    put_events(ctx, clients, has_rules)
    for timer in due(ctx.store, ctx.now, kinds.INVOCATION_TIMER):
        fire_rule(ctx, ctx.store.scope(timer.account, timer.region), timer)
    deliver_due(ctx, clients, _deliver)
    times = [next_due(ctx.store, kind) for kind in (kinds.INVOCATION_TIMER, kinds.DELIVERY)]
    return min((time for time in times if time is not None), default=None)


def _deliver(ctx: Context, clients: Clients, timer: Timer) -> None:
    text = input_of(timer.note["target"], timer.note["event"], timer.note["source"])
    invoke(invocation(ctx, clients, timer, text))
