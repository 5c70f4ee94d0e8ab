"""The promotions of a stage, noted in its bucket: what each one made, and which one the account is at."""

import json
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.promote.desired import Resource
from glue_local.promote.document import DefinitionError, Place
from glue_local.promote.kinds import Account
from glue_local.promote.kinds.kind import found
from glue_local.promote.kinds.scripts import digest

_POINTER = "current.json"


@dataclass(frozen=True)
class Record:
    """One promotion: the resources it wanted, and how they were found when it had made them."""

    number: int
    previous: int | None
    when: str
    digest: str
    resources: list[dict[str, Any]]
    attributes: dict[str, Any] = field(default_factory=dict)
    """By resource key; how each was found afterwards."""
    tested: dict[str, Any] = field(default_factory=dict)
    extras: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    """By key of a role; the policies that it had of others already when a promotion adopted it."""

    def request_of(self, key: str) -> dict[str, Any]:
        """Return the request of a resource of this promotion, empty if it had none such."""
        return next((dict(each["request"]) for each in self.resources if f"{each['kind']}/{each['name']}" == key), {})


@dataclass(frozen=True)
class Pointer:
    """Which promotion a stage is at, the latest there is, and every resource that any of them made."""

    number: int = 0
    latest: int = 0
    known: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Records:
    """The promotions of one stage."""

    account: Account
    bucket: str
    prefix: str

    def pointer(self) -> Pointer:
        """Return where the stage is; the pointer of a stage that was never promoted is at 0."""
        document = self._read(_POINTER)
        if document is None:
            return Pointer()
        if not {"number", "latest", "known"} <= set(document):
            raise self._damaged(_POINTER)
        return Pointer(**document)

    def record(self, number: int) -> Record | None:
        """Return a promotion, None where there is none; raises DefinitionError where something else was written there."""
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
        """Return where a promotion is noted."""
        return self._path(f"{number:06}.json")

    def write(self, record: Record) -> None:
        """Note a promotion. It counts only once the pointer is at it."""
        self._write(f"{record.number:06}.json", vars(record))

    def point(self, pointer: Pointer) -> None:
        """Move the pointer: the one step that makes a promotion the current one.

        Where only the answer was lost it has moved: a roll-back that was told to be done again would go one further.
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
        mend = "" if name == _POINTER else ", or delete it and promote again"
        said = f"is not what a promotion wrote there: restore an earlier version of the object{mend}"
        return DefinitionError(f"{self._path(name)} {said}")

    def _write(self, name: str, document: dict[str, Any]) -> None:
        body = json.dumps(document, indent=1, default=str).encode()
        where = {"Bucket": self.bucket, "Key": self.prefix + name}
        self.account.clients("s3").put_object(**where, Body=body, ContentType="application/json")


def noted(resources: list[Resource]) -> list[dict[str, Any]]:
    """Return resources as a record keeps them: without the bytes, which lie under their SHA-256."""
    return [
        {"kind": each.kind, "name": each.name, "request": _without_bytes(each.request), "tags": each.tags}
        for each in resources
    ]


def _without_bytes(request: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key != "Body"}


def digest_of(resources: list[dict[str, Any]]) -> str:
    """Return the SHA-256 that tells one wanted state from another."""
    return digest(json.dumps(resources, sort_keys=True, default=str).encode())


def resources_of(documents: list[dict[str, Any]], place: Place) -> list[Resource]:
    """Return the resources that a record or plan keeps; they are written at ``place`` now."""
    return [Resource(each["kind"], each["name"], each["request"], place, each["tags"]) for each in documents]
