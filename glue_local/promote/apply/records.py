"""The promotion records of a stage in its bucket, and the pointer to the current promotion."""

import json
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.document import DefinitionError, Place
from glue_local.promote.kinds import Account
from glue_local.promote.kinds.kind import found
from glue_local.promote.kinds.scripts import digest

_POINTER = "current.json"


@dataclass(frozen=True)
class Record:
    """One promotion: its desired resources, and their state after it was applied."""

    number: int
    previous: int | None
    when: str
    digest: str
    resources: list[dict[str, Any]]
    attributes: dict[str, Any] = field(default_factory=dict)
    """The state of each resource afterwards, by resource key."""
    tested: dict[str, Any] = field(default_factory=dict)
    extras: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    """The policies of others that each role had when it was adopted, by role key."""

    def request_of(self, key: str) -> dict[str, Any]:
        """Return the request of one of its resources, or an empty one."""
        return next((dict(each["request"]) for each in self.resources if f"{each['kind']}/{each['name']}" == key), {})


@dataclass(frozen=True)
class Pointer:
    """The current promotion of a stage, the latest one, and all resources that promotions have created."""

    number: int = 0
    latest: int = 0
    known: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Records:
    """The promotion records of one stage."""

    account: Account
    bucket: str
    prefix: str

    def pointer(self) -> Pointer:
        """Return the pointer; a stage that was never promoted is at 0."""
        document = self._read(_POINTER)
        if document is None:
            return Pointer()
        if not {"number", "latest", "known"} <= set(document):
            raise self._damaged(_POINTER)
        return Pointer(**document)

    def record(self, number: int) -> Record | None:
        """Return a promotion or None; raises DefinitionError if its record is damaged."""
        name = f"{number:06}.json"
        document = self._read(name) if number else None
        if document is None:
            return None
        try:
            record = Record(**document)
        except TypeError:
            raise self._damaged(name) from None
        if (record.number, record.digest) != (number, digest_of(record.resources)):
            raise self._damaged(name)
        return record

    def where(self, number: int) -> str:
        """Return the location of a promotion's record."""
        return self._path(f"{number:06}.json")

    def write(self, record: Record) -> None:
        """Write a promotion's record; it takes effect when the pointer moves to it."""
        self._write(f"{record.number:06}.json", vars(record))

    def point(self, pointer: Pointer) -> None:
        """Move the pointer, which makes a promotion the current one.

        An error after which the pointer has moved is ignored: repeating a rollback would go back one promotion further.
        """
        try:
            self._write(_POINTER, vars(pointer))
        except (ClientError, BotoCoreError):
            if self.pointer() != pointer:
                raise

    def _read(self, name: str) -> dict[str, Any] | None:
        where = {"Bucket": self.bucket, "Key": self.prefix + name}
        s3 = self.account.clients("s3")
        body = found(lambda: s3.get_object(**where)["Body"].read(), "NoSuchKey", "NoSuchBucket")
        if body is None:
            return None
        try:
            return dict(json.loads(body))
        except (ValueError, TypeError):
            raise self._damaged(name) from None

    def _path(self, name: str) -> str:
        return f"s3://{self.bucket}/{self.prefix}{name}"

    def _damaged(self, name: str) -> DefinitionError:
        alternative = "" if name == _POINTER else ", or delete it and promote again"
        message = f"is damaged: restore an earlier version of the object{alternative}"
        return DefinitionError(f"{self._path(name)} {message}")

    def _write(self, name: str, document: dict[str, Any]) -> None:
        body = json.dumps(document, indent=1, default=str).encode()
        where = {"Bucket": self.bucket, "Key": self.prefix + name}
        self.account.clients("s3").put_object(**where, Body=body, ContentType="application/json")


def resource_documents(resources: list[Resource]) -> list[dict[str, Any]]:
    """Return resources as stored in a record: without file contents, which are stored under their SHA-256."""
    return [
        {"kind": each.kind, "name": each.name, "request": _without_bytes(each.request), "tags": each.tags}
        for each in resources
    ]


def _without_bytes(request: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key != "Body"}


def digest_of(resources: list[dict[str, Any]]) -> str:
    """Return the SHA-256 that identifies a desired state."""
    return digest(json.dumps(resources, sort_keys=True, default=str).encode())


def resources_of(documents: list[dict[str, Any]], place: Place) -> list[Resource]:
    """Return the resources in a record or plan, with ``place`` as their position."""
    return [Resource(each["kind"], each["name"], each["request"], place, each["tags"]) for each in documents]
