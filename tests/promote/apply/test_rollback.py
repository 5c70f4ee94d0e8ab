"""Rolling back to an incomplete promotion is refused, names the missing object and changes nothing."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from typer.testing import Result

from glue_local.promote.apply.records import Pointer, Records
from glue_local.promote.kinds import Account
from tests.promote.conftest import edit

Cli = Callable[..., Result]
BUCKET, PREFIX = "acme-scripts", "promotions/roads/prod/"
_call = BaseClient._make_api_call  # type: ignore[attr-defined]


@pytest.fixture
def twice(cli: Cli, folder: Path, tested: Any) -> None:
    """Two promotions with different scripts and descriptions."""
    tested()
    assert cli("promote", "prod", "--yes").exit_code == 0
    edit(folder, "job.commit()", "job.commit()  # again", "a.py")
    edit(folder, "E17", "E40", "shared/__init__.py")
    edit(folder, "Description: first", "Description: second")
    tested()
    assert cli("promote", "prod", "--yes").exit_code == 0


def key_of(account: Account, name: str, promotion: int = 1) -> str:
    """Return the key of a script or wheel in a promotion."""
    record = Records(account, BUCKET, PREFIX).record(promotion)
    assert record
    return next(each["request"]["Key"] for each in record.resources if each["name"].endswith(name))


def refused(cli: Cli, account: Account, *message: str) -> None:
    """Roll back and check that it was refused with these texts before anything was changed."""
    writes = list[str]()

    def watched(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if not operation.startswith(("Get", "List", "Describe", "Head")):
            writes.append(operation)
        return _call(client, operation, parameters)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", watched)
        back = cli("rollback", "prod", "--yes")
    assert back.exit_code == 1
    for text in message:
        assert text in back.output, back.output
    assert writes == []
    assert account.clients("glue").get_database(Name="d")["Database"]["Description"] == "second"


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize("name", ["/a.py", ".whl"])
def test_a_deleted_file_is_refused(name: str, cli: Cli, there: Account) -> None:
    key = key_of(there, name)
    kept = there.clients("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
    there.clients("s3").delete_object(Bucket=BUCKET, Key=key)
    refused(
        cli,
        there,
        "promotion 1 is incomplete",
        f"s3://{BUCKET}/{key} no longer exists: restore it",
        "promote the earlier files",
    )
    there.clients("s3").put_object(Bucket=BUCKET, Key=key, Body=kept)
    assert cli("rollback", "prod", "--yes").exit_code == 0


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize("name", ["/a.py", ".whl"])
def test_an_overwritten_file_is_refused(name: str, cli: Cli, there: Account) -> None:
    key = key_of(there, name)
    there.clients("s3").put_object(Bucket=BUCKET, Key=key, Body=b"import os")
    refused(cli, there, f"s3://{BUCKET}/{key} has changed: its SHA-256 is ", "restore it")


@pytest.mark.usefixtures("twice")
def test_an_archived_or_inaccessible_file_is_refused(cli: Cli, there: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_of(there, "/a.py")
    for code, message in (
        ("InvalidObjectState", "is archived"),
        ("AccessDenied", "no longer exists or cannot be accessed"),
    ):
        s3 = there.clients("s3")
        get = s3.get_object

        def denied(code: str = code, get: Any = get, **where: Any) -> Any:
            if where["Key"] == key:
                raise ClientError({"Error": {"Code": code, "Message": "by the test"}}, "GetObject")
            return get(**where)

        with monkeypatch.context() as patched:
            patched.setattr(s3, "get_object", denied)
            refused(cli, there, f"s3://{BUCKET}/{key} {message}: restore it")


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize(("number", "whose"), [(1, "the previous promotion"), (2, "the current promotion")])
def test_a_missing_record_is_refused(number: int, whose: str, cli: Cli, there: Account) -> None:
    there.clients("s3").delete_object(Bucket=BUCKET, Key=f"{PREFIX}00000{number}.json")
    refused(
        cli,
        there,
        f"s3://{BUCKET}/{PREFIX}00000{number}.json, the record of {whose}, no longer exists: restore it",
    )


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize("what", ["resources", "form", "text"])
def test_a_damaged_record_is_refused(what: str, cli: Cli, there: Account) -> None:
    s3, where = there.clients("s3"), {"Bucket": BUCKET, "Key": f"{PREFIX}000001.json"}
    record = json.loads(s3.get_object(**where)["Body"].read())
    if what == "resources":
        next(each for each in record["resources"] if each["kind"] == "databases")["request"]["DatabaseInput"] = {
            "Name": "d"
        }
    body = {"resources": json.dumps(record), "form": "{}", "text": "not JSON"}[what]
    s3.put_object(**where, Body=body.encode())
    message = "000001.json is damaged: restore an earlier version of the object"
    refused(cli, there, f"s3://{BUCKET}/{PREFIX}{message}")


@pytest.mark.usefixtures("twice")
def test_drift_and_plan_report_that_the_current_record_is_missing(cli: Cli, there: Account) -> None:
    there.clients("s3").delete_object(Bucket=BUCKET, Key=f"{PREFIX}000002.json")
    drift = cli("drift", "prod")
    assert drift.exit_code == 1
    assert "000002.json, the record of the current promotion, no longer exists: promote again" in drift.output
    plan = cli("plan", "prod")
    assert "000002.json no longer exists: changes since the last promotion are unknown" in plan.output
    assert "promotion 2 → 3" in plan.output


@pytest.mark.usefixtures("twice")
@pytest.mark.parametrize("body", ["{}", "[]", "not JSON", '{"number": 7}'])
def test_a_damaged_pointer_is_not_treated_as_a_stage_without_promotions(body: str, cli: Cli, there: Account) -> None:
    there.clients("s3").put_object(Bucket=BUCKET, Key=f"{PREFIX}current.json", Body=body.encode())
    message = f"s3://{BUCKET}/{PREFIX}current.json is damaged: restore an earlier version"
    refused(cli, there, message)
    for command in ("plan", "drift"):
        result = cli(command, "prod")
        assert (result.exit_code, message in result.output) == (1, True)


def test_an_error_after_the_pointer_has_moved_is_ignored(there: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    there.clients("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    records = Records(there, BUCKET, PREFIX)
    failure = ClientError({"Error": {"Code": "InternalError", "Message": "by the test"}}, "PutObject")

    def losing(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        if operation == "PutObject" and not lost:
            raise failure
        answer = _call(client, operation, parameters)
        if operation == "PutObject":
            raise failure
        return answer

    monkeypatch.setattr(BaseClient, "_make_api_call", losing)
    lost = True
    records.point(Pointer(1, 1))
    assert records.pointer() == Pointer(1, 1)
    lost = False
    with pytest.raises(ClientError, match="by the test"):
        records.point(Pointer(2, 2))
    assert records.pointer() == Pointer(1, 1)
