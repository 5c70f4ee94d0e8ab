"""Copies of a pipeline's places in an account, below a prefix of their own: made for one verification, and removed."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote.desired import Resource
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.kinds.kind import found
from glue_local.verify.definition import Verification

_FOLDER = "verify"
_TAG = "glue-local:verify"
_GONE = ("ResourceNotFoundException", "EntityNotFoundException")


class Unsuited(Exception):
    """A promoted pipeline that cannot be verified without touching what is not the verification's; says why."""


@dataclass(frozen=True)
class Copies:
    """The places of one verification: where events go in, where rows come out, and what keeps its execution there."""

    id: str
    stream: str
    delivery_stream: str
    database: str
    configuration: str
    delivered: tuple[str, str]
    """Bucket and prefix that events are delivered to."""
    input: dict[str, str]
    buckets: tuple[str, ...]
    prefix: str


@contextmanager
def copies(
    account: Account, asked: Verification, resources: list[Resource], unique: str, keep: bool = False
) -> Iterator[Copies]:
    """Make copies of the promoted stream, delivery stream, database and tables; remove them, and what lies in them.

    Raises Unsuited for a pipeline that is not there or would write elsewhere. ``keep`` leaves all.
    """
    machine_takes(account, asked)
    read = _Promoted(account, asked, resources)
    planned = read.copies(unique)
    try:
        read.make(planned)
        yield planned
    finally:
        if not keep:
            remove(account, planned)


@contextmanager
def left_copies(
    account: Account, asked: Verification, resources: list[Resource], unique: str, keep: bool = False
) -> Iterator[Copies]:
    """Return to the copies that ``keep`` left; remove them then. Raises Unsuited when there are none so called."""
    planned = _Promoted(account, asked, resources).copies(unique)
    glue = account.clients("glue")
    if found(lambda: glue.get_database(Name=planned.database), *_GONE) is None:
        raise Unsuited(f"account {account.id} has no {planned.database}: no verification {unique} was left there")
    try:
        yield planned
    finally:
        if not keep:
            remove(account, planned)


def moved(path: str, unique: str) -> str:
    """Return where the copy of an ``s3://`` path lies: in the same bucket, below the verification's prefix."""
    bucket, _, key = path.removeprefix("s3://").partition("/")
    return f"s3://{bucket}/{_FOLDER}/{unique}/{key}"


def machine_takes(account: Account, asked: Verification) -> None:
    """Raise Unsuited unless the promoted state machine reads every member of the input that keeps it apart."""
    arn = account.arn("states", f"stateMachine:{asked.state_machine}")
    states = account.clients("stepfunctions")
    there = found(lambda: states.describe_state_machine(stateMachineArn=arn), "StateMachineDoesNotExist")
    if there is None:
        raise Unsuited(f"account {account.id} has no state machine {asked.state_machine}: promote it first")
    read = set(re.findall(r"\$\.(\w+)", json.dumps(json.loads(there["definition"]))))
    left = [name for name in asked.input if name not in read]
    if left:
        raise Unsuited(
            f"the state machine {asked.state_machine} in account {account.id} does not read {', '.join(left)} of its"
            " input, so an execution would write among the real data: promote a definition that does"
        )


class _Promoted:
    """The promoted places of a pipeline, read from the account, and their copies."""

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
            raise Unsuited(f"the delivery stream {asked.delivery_stream} reads from no stream to copy")
        self._delivery, self._source = delivery, source

    def _read(self, kind: str, request: dict[str, Any]) -> dict[str, Any]:
        there = KINDS[kind].read(self._account, request)
        if there is None:
            name = KINDS[kind].name_of(request)
            raise Unsuited(f"account {self._account.id} has no {kind.removesuffix('s')} {name}: promote it first")
        return there.attributes

    def copies(self, unique: str) -> Copies:
        """Return the places that a verification called ``unique`` gets."""
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
        """Make them, the delivery stream last: it reads a stream from the moment of its making on."""
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


def remove(account: Account, copies: Copies) -> None:
    """Remove the places of a verification and every object below its prefix; what is gone already is no error."""
    clients = account.clients
    _gone(lambda: clients("firehose").delete_delivery_stream(DeliveryStreamName=copies.delivery_stream))
    _await_gone(account, copies.delivery_stream)
    _gone(lambda: clients("kinesis").delete_stream(StreamName=copies.stream, EnforceConsumerDeletion=True))
    for name in _tables(clients("glue"), copies.database):
        _gone(lambda name=name: clients("glue").delete_table(DatabaseName=copies.database, Name=name))  # type: ignore[misc]
    _gone(lambda: clients("glue").delete_database(Name=copies.database))
    for bucket in copies.buckets:
        _empty(clients("s3"), bucket, copies.prefix)


def _gone(delete: Callable[[], Any]) -> None:
    found(delete, *_GONE)


def _await_gone(account: Account, name: str, seconds: float = 120.0) -> None:
    """Wait until a delivery stream is deleted: until then it writes what it holds below the prefix."""
    firehose, end = account.clients("firehose"), time.monotonic() + seconds
    while time.monotonic() < end:
        if found(lambda: firehose.describe_delivery_stream(DeliveryStreamName=name), *_GONE) is None:
            return
        time.sleep(0.2)


def _tables(glue: Any, database: str) -> list[str]:
    try:
        pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
        return [table["Name"] for page in pages for table in page["TableList"]]
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return []
        raise


def _empty(s3: Any, bucket: str, prefix: str) -> None:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        keys = [{"Key": item["Key"]} for item in page.get("Contents", [])]
        if keys:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
