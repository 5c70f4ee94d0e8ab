"""Lock a stage while it is changed, with a conditionally written S3 object beside its promotion records."""

import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.promote.apply.records import Pointer, Records
from glue_local.promote.kinds import Failed
from glue_local.promote.kinds.kind import found

_NAME = "lock.json"
# ConditionalRequestConflict (409): a concurrent conditional write of the same object.
_LOST = ("PreconditionFailed", "ConditionalRequestConflict")
Step = TypeVar("Step")


class StageLocked(Failed):
    """The stage is locked by another promotion, or has changed; the message names the holder, the time and the fix."""


@dataclass(frozen=True)
class Lock:
    """A stage's lock. ``unlock`` is the id of a lock to take over, left by a killed promotion.

    A released lock stays as an object without id, so that promoting does not need permission to delete.
    """

    records: Records
    stage: str
    unlock: str | None = None

    def around(self, steps: Iterator[Step], planned: Pointer) -> Iterator[Step]:
        """Yield the steps while holding the lock; raises StageLocked if it is taken or the pointer has changed.

        If the bucket does not exist yet, the lock is taken right after the step that creates it.
        """
        mine = {"id": secrets.token_hex(8)}
        taken = False
        try:
            taken = self._take(mine, planned)
            for step in steps:
                taken = taken or self._take(mine, planned)
                yield step
        finally:
            self._release(mine)

    def _take(self, mine: dict[str, str], planned: Pointer) -> bool:
        if not mine.get("who"):
            who = self.records.account.clients("sts").get_caller_identity()["Arn"]
            mine |= {"who": who, "host": socket.gethostname(), "since": _now()}
        try:
            self._write(mine)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchBucket":
                return False
            if error.response["Error"]["Code"] not in _LOST:
                raise
            # A retried request may find its own lock.
            holder = self._read()[0]
            if holder.get("id") != mine["id"]:
                raise self._held(holder) from None
        self._check_unchanged(planned)
        return True

    def _write(self, mine: dict[str, str]) -> None:
        holder, tag = self._read()
        if holder.get("id") and holder["id"] not in (self.unlock, mine["id"]):
            raise self._held(holder)
        self._put(mine, {"IfMatch": tag} if tag else {"IfNoneMatch": "*"})

    def _check_unchanged(self, planned: Pointer) -> None:
        now = self.records.pointer()
        if now != planned:
            raise StageLocked(
                f"{self.stage} has changed since the plan was made: promotion {planned.number} then, {now.number} now:"
                " plan again"
            )

    def _release(self, mine: dict[str, str]) -> None:
        # Do not hide the promotion's own error; the next promotion reports a lock that could not be released.
        with suppress(ClientError, BotoCoreError):
            holder, tag = self._read()
            if tag and holder.get("id") == mine["id"]:
                self._put({key: mine[key] for key in ("who", "since")} | {"until": _now()}, {"IfMatch": tag})

    def _held(self, holder: dict[str, Any]) -> StageLocked:
        return StageLocked(
            f"{self.stage} is being promoted by {holder.get('who')} on {holder.get('host')} since {holder.get('since')}:"
            f" wait until it is done, or pass --unlock {holder.get('id')} if it was killed"
        )

    def _read(self) -> tuple[dict[str, Any], str | None]:
        """Return the lock and its ETag, or None if the stage was never locked."""
        answer = found(
            lambda: self.records.account.clients("s3").get_object(**self._where), "NoSuchKey", "NoSuchBucket"
        )
        if answer is None:
            return {}, None
        try:
            return dict(json.loads(answer["Body"].read())), answer["ETag"]
        except (ValueError, TypeError):
            return {"who": "somebody", "host": "?", "since": "?", "id": "damaged"}, answer["ETag"]

    def _put(self, document: dict[str, str], condition: dict[str, str]) -> None:
        body = json.dumps(document).encode()
        self.records.account.clients("s3").put_object(
            **self._where, Body=body, ContentType="application/json", **condition
        )

    @property
    def _where(self) -> dict[str, str]:
        return {"Bucket": self.records.bucket, "Key": self.records.prefix + _NAME}


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
