"""Copies of a pipeline's resources: separate from the real ones, and always removed afterwards."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.promote.definition.desired import Resource
from glue_local.promote.kinds import Account
from glue_local.verify.copies import Copies, NotRemoved, Unsuited, copies, left_copies, moved
from glue_local.verify.definition import Verification


def names(account: Account) -> dict[str, list[str]]:
    """Return the names of all resources of the kinds that a verification creates."""
    databases = [each["Name"] for each in account.clients("glue").get_databases()["DatabaseList"]]
    return {
        "databases": databases,
        "streams": account.clients("kinesis").list_streams()["StreamNames"],
        "delivery": account.clients("firehose").list_delivery_streams()["DeliveryStreamNames"],
        "objects": [
            f"{bucket}/{item['Key']}"
            for bucket in ("traffic-raw", "traffic-curated")
            for item in account.clients("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
        ],
    }


def test_a_copy_is_in_the_same_bucket_under_the_prefix() -> None:
    assert moved("s3://traffic-curated/events/", "ab12") == "s3://traffic-curated/verify/ab12/events/"


def test_an_execution_uses_only_copies(promoted: Account, asked: Verification, resources: list[Resource]) -> None:
    with copies(promoted, asked, resources, "ab12") as made:
        assert made.input == {
            "database": "traffic_verify_ab12",
            "config_path": "s3://traffic-raw/verify/ab12/config/",
            "points_path": "s3://traffic-curated/verify/ab12/points/",
            "state_path": "s3://traffic-curated/verify/ab12/state/",
            "report_path": "s3://traffic-curated/verify/ab12/quality/",
            "bookmark": "job-bookmark-disable",
        }
        tables = promoted.clients("glue").get_tables(DatabaseName=made.database)["TableList"]
        assert len(tables) == 6
        for table in tables:
            real = promoted.clients("glue").get_table(DatabaseName="traffic", Name=table["Name"])["Table"]
            location = real["StorageDescriptor"]["Location"]
            assert table["StorageDescriptor"] == {**real["StorageDescriptor"], "Location": moved(location, "ab12")}
            assert table.get("PartitionKeys") == real.get("PartitionKeys")
        stream = promoted.clients("firehose").describe_delivery_stream(DeliveryStreamName=made.delivery_stream)
        [destination] = stream["DeliveryStreamDescription"]["Destinations"]
        delivered = destination["ExtendedS3DestinationDescription"]
        assert delivered["Prefix"].startswith("verify/ab12/raw/year=!{timestamp:yyyy}/")
        assert delivered["ErrorOutputPrefix"].startswith("verify/ab12/errors/")
        source = stream["DeliveryStreamDescription"]["Source"]["KinesisStreamSourceDescription"]
        assert source["KinesisStreamARN"].endswith(":stream/traffic-events-verify-ab12")
        assert made.delivered == ("traffic-raw", "verify/ab12/raw/year=")


def test_copies_are_removed_and_nothing_else(promoted: Account, asked: Verification, resources: list[Resource]) -> None:
    s3 = promoted.clients("s3")
    s3.put_object(Bucket="traffic-curated", Key="events/real", Body=b"")
    s3.put_object(Bucket="traffic-raw", Key="verify/other/real", Body=b"")
    before = names(promoted)

    def leave_things(made: Copies) -> None:
        s3.put_object(Bucket="traffic-curated", Key=f"{made.prefix}events/x.parquet", Body=b"")
        s3.put_object(Bucket="traffic-raw", Key=f"{made.prefix}config/x.xml", Body=b"")
        assert names(promoted) != before

    with copies(promoted, asked, resources, "ab12") as made:
        leave_things(made)
    assert names(promoted) == before

    def interrupted() -> None:
        with copies(promoted, asked, resources, "cd34") as made:
            leave_things(made)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert names(promoted) == before


def test_copies_can_be_kept(promoted: Account, asked: Verification, resources: list[Resource]) -> None:
    before = names(promoted)
    with copies(promoted, asked, resources, "ab12", keep=True) as made:
        pass
    assert "traffic_verify_ab12" in names(promoted)["databases"]
    with left_copies(promoted, asked, resources, "ab12", keep=True) as again:
        assert again == made
    with left_copies(promoted, asked, resources, "ab12"):
        assert names(promoted) != before
    assert names(promoted) == before
    with (
        pytest.raises(Unsuited, match="no verification ab12 was kept there"),
        left_copies(promoted, asked, resources, "ab12"),
    ):
        pass


def test_copies_created_before_a_failure_are_removed(
    promoted: Account, asked: Verification, resources: list[Resource], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names(promoted)
    firehose = promoted.clients("firehose")

    def refused(**_request: Any) -> None:
        raise ClientError({"Error": {"Code": "LimitExceededException", "Message": "no more"}}, "CreateDeliveryStream")

    monkeypatch.setattr(firehose, "create_delivery_stream", refused)
    with pytest.raises(ClientError, match="no more"), copies(promoted, asked, resources, "ab12"):
        pass
    assert names(promoted) == before


def test_a_state_machine_that_would_write_elsewhere_is_refused(
    promoted: Account, asked: Verification, resources: list[Resource]
) -> None:
    before = names(promoted)
    states, arn = promoted.clients("stepfunctions"), promoted.arn("states", "stateMachine:traffic_glue")
    definition = states.describe_state_machine(stateMachineArn=arn)["definition"]
    older = definition.replace('"--state_path.$": "$.state_path",', "")
    assert json.loads(older) != json.loads(definition)
    states.update_state_machine(stateMachineArn=arn, definition=older)
    with (
        pytest.raises(
            Unsuited, match="traffic_glue in account 123456789012 does not pass state_path of its input to any task"
        ),
        copies(promoted, asked, resources, "ab12"),
    ):
        pass
    assert names(promoted) == before


def test_a_pipeline_that_was_never_promoted_is_refused(
    there: Account, asked: Verification, resources: list[Resource]
) -> None:
    with (
        pytest.raises(Unsuited, match="has no state machine traffic_glue: promote it first"),
        copies(there, asked, resources, "ab12"),
    ):
        pass


def test_a_missing_table_is_reported(promoted: Account, asked: Verification, resources: list[Resource]) -> None:
    promoted.clients("glue").delete_table(DatabaseName="traffic", Name="sites")
    with (
        pytest.raises(Unsuited, match=r"has no table traffic\.sites: promote it first"),
        copies(promoted, asked, resources, "ab12"),
    ):
        pass


class Denying:
    """An S3 that deletes nothing (200 with errors per object) and a Kinesis that refuses to delete."""

    def __init__(self, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        denied = {"Code": "AccessDenied", "Message": "Access Denied"}

        def objects(**request: Any) -> Any:
            return {"Errors": [{"Key": item["Key"], **denied} for item in request["Delete"]["Objects"]]}

        def stream(**_request: Any) -> None:
            raise ClientError({"Error": denied}, "DeleteStream")

        monkeypatch.setattr(account.clients("s3"), "delete_objects", objects)
        monkeypatch.setattr(account.clients("kinesis"), "delete_stream", stream)


def test_a_failed_removal_does_not_prevent_the_others(
    promoted: Account, asked: Verification, resources: list[Resource], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names(promoted)

    def used() -> None:
        with copies(promoted, asked, resources, "ab12") as made:
            for name in ("a", "b"):
                promoted.clients("s3").put_object(Bucket="traffic-raw", Key=f"{made.prefix}{name}", Body=b"")

    with monkeypatch.context() as patched:
        Denying(promoted, patched)
        with pytest.raises(NotRemoved) as reported:
            used()
    assert "stream traffic-events-verify-ab12: " in str(reported.value)
    assert "s3://traffic-raw/verify/ab12/: 2 objects could not be deleted, such as verify/ab12/a (AccessDenied" in str(
        reported.value
    )
    assert "--left ab12`" in str(reported.value)
    after = names(promoted)
    assert after["delivery"] == before["delivery"]
    assert promoted.clients("glue").get_tables(DatabaseName="traffic_verify_ab12")["TableList"] == []
    with left_copies(promoted, asked, resources, "ab12"):
        pass
    assert names(promoted) == before


def test_a_failed_removal_does_not_hide_the_original_error(
    promoted: Account, asked: Verification, resources: list[Resource], monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[str] = []
    Denying(promoted, monkeypatch)
    with pytest.raises(ZeroDivisionError), copies(promoted, asked, resources, "ab12", report=reported.append):
        raise ZeroDivisionError
    [message] = reported
    assert message.startswith("could not remove parts of verification ab12: stream traffic-events-verify-ab12: ")
