"""Canaries of the patches in ``moto_patches/scheduler.py``."""

from typing import Any

from moto import mock_aws

from .unpatched import attribute, client

_RESPONSE = "moto.scheduler.responses:EventBridgeSchedulerResponse"
_QUEUE = "arn:aws:sqs:us-east-1:123456789012:q"
_REQUEST: Any = {
    "Name": "s",
    "ScheduleExpression": "rate(1 minute)",
    "FlexibleTimeWindow": {"Mode": "OFF"},
    "Target": {"Arn": _QUEUE, "RoleArn": "arn:aws:iam::123456789012:role/r"},
}


def _accepts_any_expression() -> bool:
    with mock_aws():
        client("scheduler").create_schedule(**{**_REQUEST, "ScheduleExpression": "cron(no * *)"})
        return True


def _loses_the_state_in_an_update() -> bool:
    with mock_aws():
        scheduler = client("scheduler")
        scheduler.create_schedule(**_REQUEST)
        scheduler.update_schedule(**_REQUEST)
        return scheduler.get_schedule(Name="s").get("State") is None


def _refuses_a_start_before_its_own_clock() -> bool:
    schedule = attribute("moto.scheduler.models", "Schedule")
    arguments: dict[str, Any] = dict.fromkeys(
        ("description", "schedule_expression_timezone", "state", "kms_key_arn", "end_date", "action_after_completion")
    )
    arguments |= {"region": "us-east-1", "account_id": "1", "group_name": "default", "name": "s", "target": {}}
    try:
        schedule(**arguments, schedule_expression="cron(* * * * ? *)", flexible_time_window={}, start_date=0)
    except attribute("moto.scheduler.exceptions", "ValidationException"):
        return True
    return False


def _fires_no_schedule() -> bool:
    """moto has no loop that invokes a target: its backend stores definitions only."""
    backend = vars(attribute("moto.scheduler.models", "EventBridgeSchedulerBackend"))
    return not any(word in name for name in backend for word in ("fire", "invoke", "send", "run"))


CANARIES = {
    "moto.scheduler.models:Schedule._validate_start_date": _refuses_a_start_before_its_own_clock,
    f"{_RESPONSE}.create_schedule": _accepts_any_expression,
    f"{_RESPONSE}.update_schedule": _loses_the_state_in_an_update,
    f"{_RESPONSE}.delete_schedule": _fires_no_schedule,
    f"{_RESPONSE}.create_schedule_group": _fires_no_schedule,
    f"{_RESPONSE}.delete_schedule_group": _fires_no_schedule,
    f"{_RESPONSE}.tag_resource": _fires_no_schedule,
    f"{_RESPONSE}.untag_resource": _fires_no_schedule,
}
