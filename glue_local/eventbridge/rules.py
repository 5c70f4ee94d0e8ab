"""Rules of the default buses: kept beside the backend's, which forgets them when the server stops, and fired on schedule.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.core.faults import Invalid
from glue_local.eventbridge.bus import Clients
from glue_local.eventbridge.deliveries import store_delivery
from glue_local.eventbridge.inputs import check_input
from glue_local.eventbridge.recurrence import time_to_fire
from glue_local.eventbridge.targets import check_failures, check_target
from glue_local.orchestrate.schedules import parse_schedule
from glue_local.store import Document, Documents, kinds
from glue_local.store.timers import Timer, clear_timer, set_timer, timer_at
from glue_local.work import Context

RULE = "rule"
_SHORTEST = 1  # minute
_OF_PUT_RULE = ("Name", "ScheduleExpression", "EventPattern", "State", "Description", "RoleArn")


class RuleHooks:
    """What the server does for the rules of the backend (``backend.contract.EventHooks``)."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._restored: tuple[str, str, str] | None = None

    def check_schedule(self, expression: str) -> None:
        """Check the schedule expression of a rule. Raises Invalid."""
        try:
            parse_schedule(expression, 0.0, _SHORTEST)
        except Invalid as fault:
            message = f"Parameter ScheduleExpression is not valid. {fault.message}"
            raise Invalid(message, code="ValidationException") from None

    def check_targets(self, targets: list[Document]) -> None:
        """Check the targets of a rule. Raises NotEmulated, Invalid."""
        for target in targets:
            check_target(target["Arn"])
            check_failures(target)
            try:
                check_input(target)
            except Invalid as fault:
                raise Invalid(fault.message, code="ValidationException") from None

    def rule_changed(self, account: str, region: str, name: str, rule: Document | None) -> None:
        """Store a rule of a default bus and set its timer; or delete it."""
        if self._restored == (account, region, name):
            return
        documents = self._ctx.store.scope(account, region)
        with self._ctx.store.transaction():
            before = documents.read(kinds.EVENT_RULE, name) or {}
            if rule is None:
                documents.remove(kinds.EVENT_RULE, name)
                clear_timer(documents, RULE, name, kind=kinds.INVOCATION_TIMER)
                return
            documents.write(kinds.EVENT_RULE, name, doc=rule)
            _update_timer(self._ctx, documents, rule, before)

    @contextmanager
    def restoring(self, account: str, region: str, name: str) -> Iterator[None]:
        """Keep a rule stored as it is while the backend gets it in two steps, of which the first has no targets."""
        self._restored = (account, region, name)
        try:
            yield
        finally:
            self._restored = None

    def matched(self, account: str, region: str, rule_arn: str, target: Document, event: Document) -> None:
        """Store the delivery of an event to a target."""
        documents = self._ctx.store.scope(account, region)
        store_delivery(self._ctx, documents, rule_arn, target, self._ctx.now, event=event)


def has_rules(ctx: Context, account: str, region: str) -> bool:
    """Return whether an account has rules on its default bus."""
    return bool(ctx.store.scope(account, region).count(kinds.EVENT_RULE))


def restore_rules(ctx: Context, clients: Clients, hooks: RuleHooks) -> None:
    """Give a backend that has just started the rules that it had when the server stopped.

    A rule that it refuses, such as one that another version of glue-local stored, does not prevent the start. It stays
    stored but does not fire, since clients cannot see it, until a start restores it, or a client puts or deletes it.
    """
    for account, region, key, rule in ctx.store.everywhere(kinds.EVENT_RULE):
        if "ManagedBy" in rule:
            # It belongs to an archive, which the backend forgets.
            ctx.store.scope(account, region).remove(kinds.EVENT_RULE, *key)
            continue
        documents = ctx.store.scope(account, region)
        events = clients("events", account, region)
        targets = rule["Targets"]
        try:
            with hooks.restoring(account, region, rule["Name"]):
                events.put_rule(**{name: rule[name] for name in _OF_PUT_RULE if name in rule})
                if targets:
                    events.put_targets(Rule=rule["Name"], Targets=targets)
        except (BotoCoreError, ClientError) as error:
            clear_timer(documents, RULE, rule["Name"], kind=kinds.INVOCATION_TIMER)
            sys.stderr.write(
                f"glue-local events: the rule {rule['Name']} cannot be restored and does not fire: {error}\n"
                "  Put the rule and its targets again, or delete it.\n"
            )
        else:
            _update_timer(ctx, documents, rule, rule)


def fire_rule(ctx: Context, documents: Documents, timer: Timer) -> None:
    """Store the deliveries of a scheduled rule that is due, and set its next time, in one transaction.

    Skips times that were missed by more than ``MAX_DELAY``, as triggers do.
    """
    name = timer.key[-1]
    with ctx.store.transaction():
        rule = documents.read(kinds.EVENT_RULE, name)
        if rule is None or timer_at(documents, *timer.key, kind=kinds.INVOCATION_TIMER) != timer.at:
            return
        following = parse_schedule(rule["ScheduleExpression"], timer.note["anchor"], _SHORTEST)
        _set_timer(documents, name, following(ctx.now), timer.note["anchor"])
        at = time_to_fire(rule["Arn"], timer.at, ctx.now, following)
        if at is None or at > ctx.now:
            return
        event = _scheduled_event(ctx, timer, rule["Arn"], at)
        for target in rule["Targets"]:
            store_delivery(ctx, documents, rule["Arn"], target, ctx.now, event=event)


def _scheduled_event(ctx: Context, timer: Timer, arn: str, at: float) -> Document:
    return {
        "version": "0",
        "id": ctx.ids.uuid(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": timer.account,
        "time": f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
        "region": timer.region,
        "resources": [arn],
        "detail": {},
    }


def _update_timer(ctx: Context, documents: Documents, rule: Document, before: Document) -> None:
    """Set or clear a rule's timer. If schedule and state are unchanged, the timer stays, even if it is already due.

    It is missing if the rule could not be restored.
    """
    name, expression = rule["Name"], rule.get("ScheduleExpression")
    is_missing = timer_at(documents, RULE, name, kind=kinds.INVOCATION_TIMER) is None
    if not expression or rule["State"] == "DISABLED":
        clear_timer(documents, RULE, name, kind=kinds.INVOCATION_TIMER)
    elif is_missing or any(rule.get(member) != before.get(member) for member in ("ScheduleExpression", "State")):
        _set_timer(documents, name, parse_schedule(expression, ctx.now, _SHORTEST)(ctx.now), ctx.now)


def _set_timer(documents: Documents, name: str, at: float | None, anchor: float) -> None:
    if at is None:
        clear_timer(documents, RULE, name, kind=kinds.INVOCATION_TIMER)
    else:
        set_timer(documents, RULE, name, at=at, note={"anchor": anchor}, kind=kinds.INVOCATION_TIMER)
