"""Temporary copies of a pipeline's resources in an account, under their own prefix, for one verification."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.promote.definition.desired import Resource
from glue_local.promote.kinds import KINDS, Account, Failed
from glue_local.promote.kinds.kind import found, wait_for
from glue_local.verify.definition import Verification
from glue_local.verify.machine_inputs import given_to_tasks

_FOLDER = "verify"
_TAG = "glue-local:verify"
_GONE = ("ResourceNotFoundException", "EntityNotFoundException")


def _ignore(_message: str) -> None:
    """Ignore a message."""


class NotRemoved(Exception):
    """Resources of a verification could not be removed; the message names them and how to remove them."""


class Unsuited(Exception):
    """The promoted pipeline cannot be verified without touching real data; the message says why."""


@dataclass(frozen=True)
class Copies:
    """The temporary resources of one verification, and the input that directs the state machine to them."""

    id: str
    stream: str
    delivery_stream: str
    database: str
    configuration: str
    delivered: tuple[str, str]
    """Bucket and prefix of the delivered events."""
    input: dict[str, str]
    buckets: tuple[str, ...]
    prefix: str


@contextmanager
def copies(
    account: Account,
    asked: Verification,
    resources: list[Resource],
    unique: str,
    keep: bool = False,
    report: Callable[[str], Any] = _ignore,
) -> Iterator[Copies]:
    """Create copies of the promoted stream, delivery stream, database and tables; remove them with their data on exit.

    Raises Unsuited if the pipeline does not exist or would write elsewhere, NotRemoved if a copy cannot be removed.
    ``keep`` keeps the copies; ``report`` is called with what could not be removed after another error.
    """
    machine_takes(account, asked)
    read = _Promoted(account, asked, resources)
    planned = read.copies(unique)
    with _removed_afterwards(account, planned, keep, report):
        read.make(planned)
        yield planned


@contextmanager
def left_copies(
    account: Account,
    asked: Verification,
    resources: list[Resource],
    unique: str,
    keep: bool = False,
    report: Callable[[str], Any] = _ignore,
) -> Iterator[Copies]:
    """Use the copies that ``keep`` left, then remove them. Raises Unsuited if there are none with this id."""
    planned = _Promoted(account, asked, resources).copies(unique)
    glue = account.clients("glue")
    if found(lambda: glue.get_database(Name=planned.database), *_GONE) is None:
        raise Unsuited(
            f"account {account.id} has no database {planned.database}: no verification {unique} was kept there"
        )
    with _removed_afterwards(account, planned, keep, report):
        yield planned


@contextmanager
def _removed_afterwards(account: Account, copies: Copies, keep: bool, report: Callable[[str], Any]) -> Iterator[None]:
    """Remove the copies on exit. A failure raises NotRemoved, or is reported if another error is being raised."""
    try:
        yield
    except BaseException:
        left = [] if keep else remove(account, copies)
        if left:
            report(_not_removed(copies, left))
        raise
    left = [] if keep else remove(account, copies)
    if left:
        raise NotRemoved(_not_removed(copies, left))


def _not_removed(copies: Copies, left: list[str]) -> str:
    return f"could not remove parts of verification {copies.id}: {'; '.join(left)}. Remove them with `glue-local verify STAGE --left {copies.id}`"


def moved(path: str, unique: str) -> str:
    """Return the copy's location of an ``s3://`` path: the same bucket, under the verification's prefix."""
    bucket, _, key = path.removeprefix("s3://").partition("/")
    return f"s3://{bucket}/{_FOLDER}/{unique}/{key}"


def machine_takes(account: Account, asked: Verification) -> None:
    """Raise Unsuited unless the promoted state machine passes every input member that redirects it to its tasks."""
    arn = account.arn("states", f"stateMachine:{asked.state_machine}")
    states = account.clients("stepfunctions")
    there = found(lambda: states.describe_state_machine(stateMachineArn=arn), "StateMachineDoesNotExist")
    if there is None:
        raise Unsuited(f"account {account.id} has no state machine {asked.state_machine}: promote it first")
    read = given_to_tasks(json.loads(there["definition"]), frozenset(asked.input))
    left = [name for name in asked.input if name not in read]
    if left:
        raise Unsuited(
            f"the state machine {asked.state_machine} in account {account.id} does not pass {', '.join(left)} of its"
            " input to any task, so that an execution would write to the real data: promote a definition that does"
        )


class _Promoted:
    """The promoted resources of a pipeline, read from the account, and their copies."""

    def __init__(self, account: Account, asked: Verification, resources: list[Resource]) -> None:
        self._account, self._asked = account, asked
        self._tables = [
            self._read(each.kind, each.request)
            for each in resources
            if each.kind == "tables" and each.request["DatabaseName"] == asked.database
        ]
        delivery = self._read("delivery_streams", {"DeliveryStreamName": asked.delivery_stream})
        source = delivery.get("KinesisStreamSourceConfiguration")
        if not source:
            raise Unsuited(f"the delivery stream {asked.delivery_stream} has no Kinesis source to copy")
        self._delivery, self._source = delivery, source

    def _read(self, kind: str, request: dict[str, Any]) -> dict[str, Any]:
        there = KINDS[kind].read(self._account, request)
        if there is None:
            name = KINDS[kind].name_of(request)
            raise Unsuited(f"account {self._account.id} has no {kind.removesuffix('s')} {name}: promote it first")
        return there.attributes

    def copies(self, unique: str) -> Copies:
        """Return the copies for the verification id ``unique``."""
        asked, prefix = self._asked, f"{_FOLDER}/{unique}/"
        destination = self._delivery["ExtendedS3DestinationConfiguration"]
        bucket = destination["BucketARN"].rpartition(":")[2]
        locations = [table["TableInput"]["StorageDescriptor"]["Location"] for table in self._tables]
        given = {
            name: moved(value, unique) if value.startswith("s3://") else value for name, value in asked.input.items()
        }
        database = f"{asked.database}_verify_{unique}"
        paths = [*locations, asked.configuration, *(value for value in given.values() if value.startswith("s3://"))]
        return Copies(
            id=unique,
            stream=f"{self._source['KinesisStreamARN'].rpartition('/')[2]}-verify-{unique}",
            delivery_stream=f"{asked.delivery_stream}-verify-{unique}",
            database=database,
            configuration=moved(asked.configuration, unique),
            delivered=(bucket, prefix + destination.get("Prefix", "").partition("!{")[0]),
            input={name: database if value == asked.database else value for name, value in given.items()},
            buckets=tuple(sorted({bucket, *(path.split("/")[2] for path in paths)})),
            prefix=prefix,
        )

    def make(self, copies: Copies) -> None:
        """Create the copies, the delivery stream last: it reads its source from its own creation on."""
        self._create("databases", {"DatabaseInput": {"Name": copies.database, "Description": "by glue-local verify"}})
        for table in self._tables:
            given = table["TableInput"]
            storage = given["StorageDescriptor"]
            storage = {**storage, "Location": moved(storage["Location"], copies.id)}
            request = {"DatabaseName": copies.database, "TableInput": {**given, "StorageDescriptor": storage}}
            KINDS["tables"].create(self._account, request)
        self._create("streams", {"StreamName": copies.stream, "ShardCount": 1})
        destination = self._delivery["ExtendedS3DestinationConfiguration"]
        below = {
            name: copies.prefix + destination.get(name, "")
            for name in ("Prefix", "ErrorOutputPrefix")
            if name == "Prefix" or name in destination
        }
        arn = self._account.arn("kinesis", f"stream/{copies.stream}")
        request = {
            **self._delivery,
            "DeliveryStreamName": copies.delivery_stream,
            "KinesisStreamSourceConfiguration": {"KinesisStreamARN": arn, "RoleARN": self._source["RoleARN"]},
            "ExtendedS3DestinationConfiguration": {**destination, **below},
        }
        self._create("delivery_streams", request)

    def _create(self, kind: str, request: dict[str, Any]) -> None:
        tagging = KINDS[kind].tagging
        tagged = tagging.write(request, {_TAG: "true"}) if tagging else request
        KINDS[kind].create(self._account, tagged)


def remove(account: Account, copies: Copies) -> list[str]:
    """Remove the copies of a verification and all objects under its prefix; return what could not be removed, and why.

    Copies that no longer exist are ignored. The database is removed last, and only if everything else is removed:
    ``--left`` finds a verification by its database.
    """
    clients, removal = account.clients, _Removal([])
    glue = clients("glue")
    delivery, stream, database = copies.delivery_stream, copies.stream, copies.database
    removal.attempt(f"delivery stream {delivery}", lambda: _delete_delivery_stream(account, delivery))
    removal.attempt(
        f"stream {stream}", lambda: clients("kinesis").delete_stream(StreamName=stream, EnforceConsumerDeletion=True)
    )
    for name in removal.attempt(f"tables of {database}", lambda: _tables(glue, database)) or []:
        removal.attempt(f"table {name}", partial(glue.delete_table, DatabaseName=database, Name=name))
    for bucket in copies.buckets:
        removal.attempt(f"s3://{bucket}/{copies.prefix}", partial(_empty, clients("s3"), bucket, copies.prefix))
    if not removal.left:
        removal.attempt(f"database {database}", lambda: glue.delete_database(Name=database))
    return removal.left


@dataclass(frozen=True)
class _Removal:
    """Removes resources one by one and continues after failures."""

    left: list[str]

    def attempt(self, what: str, delete: Callable[[], Any]) -> Any:
        """Return the result of ``delete``; if AWS refuses or is unreachable, record that and return None."""
        try:
            return found(delete, *_GONE)
        except (ClientError, BotoCoreError, TimeoutError, Failed, NotRemoved) as error:
            self.left.append(f"{what}: {error}")
            return None


def _delete_delivery_stream(account: Account, name: str) -> None:
    """Delete a delivery stream and wait until it is gone: until then it may still write buffered records."""
    account.clients("firehose").delete_delivery_stream(DeliveryStreamName=name)
    wait_for(account, lambda: _is_gone(account, name), "not deleted", 120.0)


def _is_gone(account: Account, name: str) -> bool:
    firehose = account.clients("firehose")
    there = found(lambda: firehose.describe_delivery_stream(DeliveryStreamName=name), *_GONE)
    described = there["DeliveryStreamDescription"] if there else {}
    if described.get("DeliveryStreamStatus") == "DELETING_FAILED":
        raise Failed(described.get("FailureDescription", {}).get("Details") or "DELETING_FAILED")
    return there is None


def _tables(glue: Any, database: str) -> list[str]:
    try:
        pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
        return [table["Name"] for page in pages for table in page["TableList"]]
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return []
        raise


def _empty(s3: Any, bucket: str, prefix: str) -> None:
    refused: list[dict[str, Any]] = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        keys = [{"Key": item["Key"]} for item in page.get("Contents", [])]
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True}) if keys else {}
        # S3 responds with 200 and lists the objects that it did not delete.
        refused += answer.get("Errors", [])
    if refused:
        first = refused[0]
        why = first.get("Message") or first["Code"]
        raise NotRemoved(
            f"{len(refused)} objects could not be deleted, such as {first['Key']} ({first['Code']}: {why})"
        )
