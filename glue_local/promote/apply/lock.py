"""The lock of a stage: who changes it now, in an object beside its promotions that S3 writes on a condition only."""

import json
import secrets
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.promote.kinds import Failed
from glue_local.promote.kinds.kind import found
from glue_local.promote.records import Pointer, Records

_NAME = "lock.json"
# 409: another conditional write of the same object was going on.
_LOST = ("PreconditionFailed", "ConditionalRequestConflict")
Step = TypeVar("Step")


class Held(Failed):
    """The stage is somebody else's to change now, or was changed meanwhile; says whose, since when, and what to do."""


@dataclass(frozen=True)
class Lock:
    """The lock of a stage's promotions. ``unlock`` is the id of one left by a promotion that was killed, to take over.

    A lock that was let go stays as an object that names no id: so nobody who promotes needs leave to delete.
    """

    records: Records
    stage: str
    unlock: str | None = None

    def around(self, steps: Iterator[Step], planned: Pointer) -> Iterator[Step]:
        """Yield the steps with the lock held; raises Held where it is not to be had, or the pointer is not as ``planned``.

        Where the bucket is still to be made, the lock is taken right after the step that makes it.
        """
        mine = {"id": secrets.token_hex(8)}
        taken = False
        try:
            taken = self._take(mine, planned)
            for step in steps:
                taken = taken or self._take(mine, planned)
                yield step
        finally:
            self._let_go(mine)

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
            # A request that was sent again after its answer was lost meets its own lock.
            holder = self._read()[0]
            if holder.get("id") != mine["id"]:
                raise self._held(holder) from None
        self._still(planned)
        return True

    def _write(self, mine: dict[str, str]) -> None:
        holder, tag = self._read()
        if holder.get("id") and holder["id"] not in (self.unlock, mine["id"]):
            raise self._held(holder)
        self._put(mine, {"IfMatch": tag} if tag else {"IfNoneMatch": "*"})

    def _still(self, planned: Pointer) -> None:
        now = self.records.pointer()
        if now != planned:
            raise Held(
                f"{self.stage} was changed since the plan was made: promotion {planned.number} then, {now.number} now;"
                " plan again"
            )

    def _let_go(self, mine: dict[str, str]) -> None:
        # What ended the promotion is what is told; a lock that stays is told of by the next one, with its mending.
        with suppress(ClientError, BotoCoreError):
            holder, tag = self._read()
            if tag and holder.get("id") == mine["id"]:
                self._put({key: mine[key] for key in ("who", "since")} | {"until": _now()}, {"IfMatch": tag})

    def _held(self, holder: dict[str, Any]) -> Held:
        return Held(
            f"{self.stage} is being promoted by {holder.get('who')} on {holder.get('host')} since {holder.get('since')}:"
            f" wait for it; if it was killed, run this again with --unlock {holder.get('id')}"
        )

    def _read(self) -> tuple[dict[str, Any], str | None]:
        """Return the lock and the tag of its bytes, None where there is none yet."""
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
