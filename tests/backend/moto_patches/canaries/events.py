"""Canaries of the patches in ``moto_patches/events.py`` and ``moto_patches/s3_events.py``."""

import json
from collections.abc import Callable
from typing import Any

from moto import mock_aws

from .unpatched import attribute, client

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


def _fails_while_rules_change() -> bool:
    with mock_aws():
        events = client("events")
        for name in ("r1", "r2"):
            events.put_rule(Name=name, EventPattern=json.dumps({"source": ["s"]}))
        bus = attribute("moto.events.models", "events_backends")[_ACCOUNT]["us-east-1"].event_buses["default"]
        try:
            for _ in bus.rules.values():
                events.put_rule(Name="r3", EventPattern=json.dumps({"source": ["s"]}))
        except RuntimeError:
            return True
        return False


def _objects_created(create: Callable[[Any], object]) -> list[Any]:
    """Create objects in a bucket with notifications; return the events."""
    with mock_aws():
        sqs, url = queue()
        s3, events = client("s3"), client("events")
        s3.create_bucket(Bucket="bucket")
        s3.put_bucket_notification_configuration(
            Bucket="bucket", NotificationConfiguration={"EventBridgeConfiguration": {}}
        )
        events.put_rule(Name="r", EventPattern=json.dumps({"source": ["aws.s3"]}))
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": _QUEUE}])
        create(s3)
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        return [json.loads(message["Body"]) for message in found]


def _sends_one_id_for_all_objects() -> bool:
    found = _objects_created(lambda s3: [s3.put_object(Bucket="bucket", Key=name, Body=b"x") for name in "ab"])
    return len(found) > 1 and len({event["id"] for event in found}) == 1


def _upload(s3: Any) -> None:
    upload = {"Bucket": "bucket", "Key": "k"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    part = {"ETag": s3.upload_part(**upload, PartNumber=1, Body=b"x")["ETag"], "PartNumber": 1}
    s3.complete_multipart_upload(**upload, MultipartUpload={"Parts": [part]})


def _sends_a_completed_upload_thrice() -> bool:
    return len(_objects_created(_upload)) == 3


def _sends_no_event_of_a_delete_marker() -> bool:
    def delete(s3: Any) -> None:
        s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
        s3.put_object(Bucket="bucket", Key="k", Body=b"x")
        s3.delete_object(Bucket="bucket", Key="k")

    return all(event["detail-type"] != "Object Deleted" for event in _objects_created(delete))


CANARIES = {
    "moto.s3.models:S3Backend._set_delete_marker": _sends_no_event_of_a_delete_marker,
    "moto.s3.notifications:_send_event_bridge_message": _sends_one_id_for_all_objects,
    "moto.s3.notifications:send_event": _sends_a_completed_upload_thrice,
    "moto.events.models:Rule.send_to_targets": _delivers_while_disabled,
    "moto.events.models:EventBus.__init__": _fails_while_rules_change,
    f"{_BACKEND}.put_rule": _accepts_any_schedule,
    f"{_BACKEND}.put_targets": _accepts_any_target,
    f"{_BACKEND}.remove_targets": _fires_no_schedule,
    f"{_BACKEND}.delete_rule": _fires_no_schedule,
    f"{_BACKEND}.enable_rule": _fires_no_schedule,
    f"{_BACKEND}.disable_rule": _fires_no_schedule,
}
