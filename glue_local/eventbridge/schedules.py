"""Schedules of EventBridge Scheduler: kept beside the backend's, which forgets them when the server stops, and fired.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html
"""

import sys
from datetime import datetime, timezone
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.eventbridge.bus import Clients
from glue_local.eventbridge.deliveries import drop_first_attempts, store_delivery
from glue_local.eventbridge.recurrence import recurrence, time_to_fire
from glue_local.eventbridge.targets import check_failures
from glue_local.eventbridge.universal_targets import check_universal_target
from glue_local.store import Document, Documents, kinds
from glue_local.store.timers import Timer, clear_timer, set_timer, timer_at
from glue_local.work import Context

SCHEDULE = "schedule"
_TEMPLATED = ("states", "kinesis", "firehose", "sqs", "sns", "lambda", "events")
_TIMING = ("ScheduleExpression", "ScheduleExpressionTimezone", "StartDate", "EndDate", "State")
_EARLIEST = 300  # seconds before now at which a StartDate may be
_OF_CREATE = (
    *("Name", "GroupName", "Description", "ScheduleExpression", "ScheduleExpressionTimezone", "FlexibleTimeWindow"),
    *("Target", "State", "KmsKeyArn", "StartDate", "EndDate", "ActionAfterCompletion"),
)


class ScheduleHooks:
    """What the server does for the schedules of the backend (``backend.contract.Hooks``)."""

    def __init__(self, ctx: Context, clients: Clients) -> None:
        self._ctx = ctx
        self._clients = clients

    def check(self, account: str, region: str, name: str, schedule: Document) -> None:
        """Check the expression, the time zone, the window and the target of a schedule. Raises Invalid, NotEmulated.

        The StartDate of a schedule that exists may have passed.
        """
        recurrence(schedule, self._ctx.now)
        _check_window(schedule.get("FlexibleTimeWindow") or {})
        start, end = schedule.get("StartDate"), schedule.get("EndDate")
        if not schedule["ScheduleExpression"].startswith("at("):
            group = schedule.get("GroupName") or "default"
            known = self._ctx.store.scope(account, region).read(kinds.SCHEDULE, group, name) or {}
            if start not in (None, known.get("StartDate")) and start < self._ctx.now - _EARLIEST:
                raise _invalid("The StartDate you specify cannot be earlier than 5 minutes ago.")
            if start is not None and end is not None and end <= start:
                raise _invalid("The EndDate you specify must come after the StartDate.")
        check_failures(schedule["Target"])
        arn = schedule["Target"]["Arn"]
        service = (arn.split(":") + [""] * 3)[2]
        if service == "scheduler":
            check_universal_target(arn, self._clients, account, region)
        elif service not in _TEMPLATED:
            raise NotEmulated(
                f"glue-local does not emulate the target {arn} yet: targets may be Step Functions, Kinesis, Firehose,"
                " SQS, SNS, Lambda, event buses, and arn:aws:scheduler:::aws-sdk:service:apiAction"
            )

    def changed(self, account: str, region: str, group: str, name: str, schedule: Document | None) -> None:
        """Store a schedule and set its timer; or delete it."""
        documents = self._ctx.store.scope(account, region)
        with self._ctx.store.transaction():
            before = documents.read(kinds.SCHEDULE, group, name)
            if before is not None and (schedule is None or schedule["State"] == "DISABLED"):
                # One may still be due, in its flexible time window.
                drop_first_attempts(documents, before["Arn"])
            if schedule is None:
                documents.remove(kinds.SCHEDULE, group, name)
                clear_timer(documents, SCHEDULE, group, name, kind=kinds.INVOCATION_TIMER)
                return
            documents.write(kinds.SCHEDULE, group, name, doc=schedule)
            if schedule["State"] == "DISABLED":
                clear_timer(documents, SCHEDULE, group, name, kind=kinds.INVOCATION_TIMER)
            elif (
                before is None
                or any(schedule.get(member) != before.get(member) for member in _TIMING)
                # It could not be restored.
                or timer_at(documents, SCHEDULE, group, name, kind=kinds.INVOCATION_TIMER) is None
            ):
                anchor = self._ctx.now
                # A rate without StartDate is due immediately.
                is_rate = schedule["ScheduleExpression"].startswith("rate")
                first = recurrence(schedule, anchor)(anchor - 0.001 if is_rate else anchor)
                _set_timer(documents, schedule, first, anchor)

    def group_changed(self, account: str, region: str, name: str, tags: list[dict[str, str]] | None) -> None:
        """Store a group with its tags; or delete it with its schedules."""
        documents = self._ctx.store.scope(account, region)
        with self._ctx.store.transaction():
            if tags is not None:
                documents.write(kinds.SCHEDULE_GROUP, name, doc={"Tags": tags})
                return
            documents.remove(kinds.SCHEDULE_GROUP, name)
            for _, schedule in documents.keys(kinds.SCHEDULE, name):
                self.changed(account, region, name, schedule, None)


def restore_schedules(ctx: Context, clients: Clients) -> None:
    """Give a backend that has just started the schedules that it had when the server stopped.

    One that it refuses, such as one that another version of glue-local stored, does not prevent the start. It stays
    stored but does not fire, since clients cannot see it, until a start restores it, or a client creates or deletes it.
    """
    for account, region, (name,), group in ctx.store.everywhere(kinds.SCHEDULE_GROUP):
        try:
            clients("scheduler", account, region).create_schedule_group(Name=name, Tags=group["Tags"])
        except (BotoCoreError, ClientError) as error:
            sys.stderr.write(f"glue-local events: the group {name} cannot be restored: {error}\n")
    for account, region, _, schedule in ctx.store.everywhere(kinds.SCHEDULE):
        given = {name: schedule[name] for name in _OF_CREATE if schedule.get(name) is not None}
        try:
            clients("scheduler", account, region).create_schedule(**given)
        except (BotoCoreError, ClientError) as error:
            key = (SCHEDULE, schedule["GroupName"], schedule["Name"])
            clear_timer(ctx.store.scope(account, region), *key, kind=kinds.INVOCATION_TIMER)
            sys.stderr.write(
                f"glue-local events: the schedule {schedule['Name']} cannot be restored and does not fire: {error}\n"
                "  Create the schedule again, or delete it.\n"
            )


def fire_schedule(ctx: Context, documents: Documents, timer: Timer) -> Document | None:
    """Store the delivery of a schedule that is due, and set its next time, in one transaction.

    Skips times that were missed by more than ``MAX_DELAY``, as triggers do. Returns the schedule if it is completed
    without a delivery.
    """
    _, group, name = timer.key
    with ctx.store.transaction():
        schedule = documents.read(kinds.SCHEDULE, group, name)
        if schedule is None or timer_at(documents, *timer.key, kind=kinds.INVOCATION_TIMER) != timer.at:
            return None
        following = recurrence(schedule, timer.note["anchor"])
        next_time = following(ctx.now)
        _set_timer(documents, schedule, next_time, timer.note["anchor"])
        at = time_to_fire(schedule["Arn"], timer.at, ctx.now, following)
        if at is None or at > ctx.now:
            return schedule if next_time is None else None
        more: dict[str, Any] = {
            "input": schedule["Target"].get("Input", "{}"),
            "scheduled": f"{datetime.fromtimestamp(at, timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
            "completes": schedule if next_time is None else None,
        }
        window = (schedule.get("FlexibleTimeWindow") or {}).get("MaximumWindowInMinutes") or 0
        due = max(ctx.now, at + window * 60 * ctx.ids.fraction())
        store_delivery(ctx, documents, schedule["Arn"], schedule["Target"], due, **more)
    return None


def complete(ctx: Context, clients: Clients, account: str, region: str, schedule: Document) -> None:
    """Delete a schedule that has invoked its target for the last time, if it says so, unless it was changed since."""
    if schedule.get("ActionAfterCompletion") != "DELETE":
        return
    stored = ctx.store.scope(account, region).read(kinds.SCHEDULE, schedule["GroupName"], schedule["Name"])
    # The backend gives a schedule that is restored other dates of creation and modification.
    if stored is None or any(stored.get(member) != schedule.get(member) for member in _OF_CREATE):
        return
    scheduler = clients("scheduler", account, region)
    try:
        scheduler.delete_schedule(Name=schedule["Name"], GroupName=schedule["GroupName"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise


def input_of_schedule(timer: Timer) -> str:
    """Return the input of a delivery, with AWS's context attributes filled in."""
    note = timer.note
    text = str(note["input"])
    for name, value in (
        ("schedule-arn", note["source"]),
        ("scheduled-time", note["scheduled"]),
        ("execution-id", timer.key[-1]),
        ("attempt-number", str(note["attempt"] + 1)),
    ):
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return text


def _set_timer(documents: Documents, schedule: Document, at: float | None, anchor: float) -> None:
    key = (SCHEDULE, schedule["GroupName"], schedule["Name"])
    if at is None:
        clear_timer(documents, *key, kind=kinds.INVOCATION_TIMER)
    else:
        set_timer(documents, *key, at=at, note={"anchor": anchor}, kind=kinds.INVOCATION_TIMER)


def _check_window(window: Document) -> None:
    is_flexible = window.get("Mode") == "FLEXIBLE"
    if is_flexible != bool(window.get("MaximumWindowInMinutes")):
        raise _invalid(
            "Invalid FlexibleTimeWindow: MaximumWindowInMinutes must be given if Mode is FLEXIBLE, and only then."
        )


def _invalid(message: str) -> Invalid:
    return Invalid(message, code="ValidationException")
