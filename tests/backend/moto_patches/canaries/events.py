"""Canaries of the patches in ``moto_patches/events.py`` and ``moto_patches/s3_events.py``."""

import json
from typing import Any

from moto import mock_aws

from .unpatched import client

_BACKEND = "moto.events.models:EventsBackend"
_ACCOUNT = "123456789012"
_QUEUE = f"arn:aws:sqs:us-east-1:{_ACCOUNT}:q"
ENTRY = {"Source": "s", "DetailType": "d", "Detail": '{"a": 1}'}


def queue() -> tuple[Any, str]:
    """Return a client of SQS, and the URL of a new queue."""
    sqs = client("sqs")
    return sqs, sqs.create_queue(QueueName="q")["QueueUrl"]


def _delivers_while_disabled() -> bool:
    with mock_aws():
        sqs, url = queue()
        events = client("events")
        events.put_rule(Name="r", EventPattern=json.dumps({"source": ["s"]}), State="DISABLED")
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": _QUEUE}])
        events.put_events(Entries=[ENTRY])
        return "Messages" in sqs.receive_message(QueueUrl=url)


def _accepts_any_schedule() -> bool:
    with mock_aws():
        client("events").put_rule(Name="r", ScheduleExpression="cron(no)")
        return True


def _accepts_any_target() -> bool:
    with mock_aws():
        events = client("events")
        events.put_rule(Name="r", EventPattern=json.dumps({"source": ["s"]}))
        target = f"arn:aws:batch:us-east-1:{_ACCOUNT}:job-queue/q"
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": target}])
        try:
            events.put_events(Entries=[ENTRY])
        except NotImplementedError:
            return True
        return False


def _fires_no_schedule() -> bool:
    """moto has no loop that fires a rule: nothing in the backend looks at the expression after PutRule."""
    with mock_aws():
        from moto.events import models

        source = models.EventsBackend.__dict__
        return not any("schedule" in name or "fire" in name for name in source if name != "put_rule")


CANARIES = {
    "moto.events.models:Rule.send_to_targets": _delivers_while_disabled,
    f"{_BACKEND}.put_rule": _accepts_any_schedule,
    f"{_BACKEND}.put_targets": _accepts_any_target,
    f"{_BACKEND}.remove_targets": _fires_no_schedule,
    f"{_BACKEND}.delete_rule": _fires_no_schedule,
    f"{_BACKEND}.enable_rule": _fires_no_schedule,
    f"{_BACKEND}.disable_rule": _fires_no_schedule,
}
