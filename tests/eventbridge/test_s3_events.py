"""S3's events of objects: they reach rules and archives in AWS's shape, and start workflows."""

from typing import Any

import pytest

from glue_local.eventbridge.rules import RuleHooks

from .conftest import ACCOUNT, REGION, START, World
from .events import workflow


def test_objects_in_s3_start_a_workflow(world: World) -> None:
    s3 = world.aws("s3")
    for bucket in ("lake", "other"):
        s3.create_bucket(Bucket=bucket)
        notified = {"EventBridgeConfiguration": {}} if bucket == "lake" else {}
        s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=notified)
    created = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["lake"]}, "object": {"key": [{"prefix": "raw/"}]}},
    }
    world.rule("r", workflow(world, BatchSize=3), world.queue(), pattern=created)
    s3.put_object(Bucket="lake", Key="raw/a.json", Body=b"hello")
    s3.put_object(Bucket="lake", Key="other/a.json", Body=b"hello")
    s3.put_object(Bucket="other", Key="raw/a.json", Body=b"hello")
    s3.copy_object(Bucket="lake", Key="raw/b.json", CopySource="lake/raw/a.json")
    upload = s3.create_multipart_upload(Bucket="lake", Key="raw/c.json")["UploadId"]
    of_upload = {"Bucket": "lake", "Key": "raw/c.json", "UploadId": upload}
    part = {"ETag": s3.upload_part(**of_upload, PartNumber=1, Body=b"part")["ETag"], "PartNumber": 1}
    s3.complete_multipart_upload(**of_upload, MultipartUpload={"Parts": [part]})
    s3.delete_object(Bucket="lake", Key="raw/a.json")
    world.settle()
    messages = world.messages()
    found = {event["detail"]["object"]["key"]: event for event in messages}
    assert len(messages) == 3
    assert {key: event["detail"]["reason"] for key, event in found.items()} == {
        "raw/a.json": "PutObject",
        "raw/b.json": "CopyObject",
        "raw/c.json": "CompleteMultipartUpload",
    }
    one = found["raw/a.json"]
    sequencer, request = one["detail"]["object"].pop("sequencer"), one["detail"].pop("request-id")
    assert (len(sequencer), len(request), one["time"][-1]) == (16, 16, "Z")
    assert {**one, "id": "", "time": ""} == {
        "version": "0",
        "id": "",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": ACCOUNT,
        "time": "",
        "region": REGION,
        "resources": ["arn:aws:s3:::lake"],
        "detail": {
            "version": "0",
            "bucket": {"name": "lake"},
            "object": {"key": "raw/a.json", "size": 5, "etag": "5d41402abc4b2a76b9719d911017c592"},
            "requester": ACCOUNT,
            "source-ip-address": "127.0.0.1",
            "reason": "PutObject",
        },
    }
    (run,) = world.aws("glue").get_workflow_runs(Name="w")["Runs"]
    events = run["WorkflowRunProperties"]["aws:eventIds"].strip("[]").split(", ")
    assert sorted(events) == sorted(event["id"] for event in found.values())


def test_an_object_is_one_event_and_its_tags_and_deletion_are_others(world: World) -> None:
    s3 = world.aws("s3")
    s3.create_bucket(Bucket="lake")
    s3.put_bucket_notification_configuration(Bucket="lake", NotificationConfiguration={"EventBridgeConfiguration": {}})
    world.rule("r", {"Arn": world.queue(), "InputPath": "$.detail-type"}, pattern={"source": ["aws.s3"]})
    found = []
    for operation, more in (
        ("put_object", {"Body": b"x", "Tagging": "a=b"}),
        ("put_object_tagging", {"Tagging": {"TagSet": [{"Key": "a", "Value": "c"}]}}),
        ("delete_object", {}),
    ):
        getattr(s3, operation)(Bucket="lake", Key="k", **more)
        world.settle()
        found.append(world.messages())
    assert found == [["Object Created"], ["Object Tags Added"], ["Object Deleted"]]


def notified_bucket(world: World, versioning: str = "Suspended") -> Any:
    """Create the bucket ``lake``, whose events are on EventBridge; return a client."""
    s3 = world.aws("s3")
    s3.create_bucket(Bucket="lake")
    s3.put_bucket_versioning(Bucket="lake", VersioningConfiguration={"Status": versioning})
    s3.put_bucket_notification_configuration(Bucket="lake", NotificationConfiguration={"EventBridgeConfiguration": {}})
    return s3


def test_an_archive_has_objects_in_s3_too(world: World) -> None:
    s3, events = notified_bucket(world), world.aws("events")
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    archive = events.create_archive(ArchiveName="a", EventSourceArn=bus)["ArchiveArn"]
    s3.put_object(Bucket="lake", Key="k", Body=b"x")
    assert events.describe_archive(ArchiveName="a")["EventCount"] == 1
    world.rule("r", {"Arn": world.queue(), "InputPath": "$.detail.object.key"}, pattern={"source": ["aws.s3"]})
    replay = {"EventSourceArn": archive, "EventStartTime": START, "EventEndTime": START, "Destination": {"Arn": bus}}
    events.start_replay(ReplayName="p", **replay)
    world.settle()
    assert world.messages() == ["k"]


def test_versions_and_delete_markers(world: World) -> None:
    s3 = notified_bucket(world, "Enabled")
    world.rule("r", {"Arn": world.queue(), "InputPath": "$.detail"}, pattern={"detail-type": ["Object Deleted"]})
    version = s3.put_object(Bucket="lake", Key="k", Body=b"x")["VersionId"]
    marker = s3.delete_object(Bucket="lake", Key="k")["VersionId"]
    world.settle()
    (created,) = world.messages()
    assert (created["deletion-type"], created["reason"]) == ("Delete Marker Created", "DeleteObject")
    del created["object"]["sequencer"]
    empty = "d41d8cd98f00b204e9800998ecf8427e"
    assert created["object"] == {"key": "k", "etag": empty, "version-id": marker}
    s3.delete_object(Bucket="lake", Key="k", VersionId=version)
    s3.delete_object(Bucket="lake", Key="k", VersionId=marker)
    world.settle()
    assert [event["deletion-type"] for event in world.messages()][-1] == "Permanently Deleted"
    assert "Versions" not in s3.list_object_versions(Bucket="lake")


def test_an_event_that_cannot_be_sent_does_not_fail_the_request(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def fails(*_: Any) -> None:
        raise KeyError("broken")

    s3 = notified_bucket(world)
    world.rule("r", world.queue(), pattern={"source": ["aws.s3"]})
    with monkeypatch.context() as patched:
        patched.setattr(RuleHooks, "matched", fails)
        s3.put_object(Bucket="lake", Key="k", Body=b"x")
    assert s3.get_object(Bucket="lake", Key="k")["Body"].read() == b"x"
    assert "rule/r did not get the event of s3://lake/k: KeyError('broken')" in capsys.readouterr().err
