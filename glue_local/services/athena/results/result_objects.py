"""Pages of a result object, read with range requests: the cost of a page does not depend on its position."""

import base64
import binascii
import json
import re
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from glue_local.core.faults import Invalid

_PIECE = 1 << 18
# A quoted value, or nothing for NULL, followed by a comma or the end of the line.
_VALUE = re.compile(rb'(?:"((?:[^"]|"")*)")?([,\n])')


class ResultObject:
    """One ``s3://`` object: ``.csv`` with quoted values, or ``.txt`` with one value per line."""

    def __init__(self, s3: Any, location: str) -> None:
        parts = urlsplit(location)
        self._s3, self._bucket, self._key = s3, parts.netloc, parts.path[1:]
        self._quoted = location.endswith(".csv")

    def page(self, token: str | None, most: int) -> tuple[list[dict[str, Any]], str | None]:
        """Return rows in GetQueryResults' format and the token of the next page. Raises Invalid."""
        start = self._start(token) if token else 0
        content, size = b"", start + 1
        rows: list[dict[str, Any]] = []
        at = 0
        while len(rows) < most and start + len(content) < size:
            piece, size = self._piece(start + len(content), max(_PIECE, len(content)))
            content += piece
            found, at = self._rows(content, at, most - len(rows))
            rows += found
            if not piece:
                break
        following = start + at
        return rows, self._token(following) if following < size else None

    def _rows(self, content: bytes, at: int, most: int) -> tuple[list[dict[str, Any]], int]:
        """Return the complete rows of ``content`` from ``at`` and their end position."""
        rows: list[dict[str, Any]] = []
        while len(rows) < most:
            row, end = _quoted_row(content, at) if self._quoted else _line(content, at)
            if end < 0:
                break
            rows.append({"Data": row})
            at = end
        return rows, at

    def _piece(self, start: int, length: int) -> tuple[bytes, int]:
        """Return the bytes of a range and the size of the object."""
        try:
            answer = self._s3.get_object(
                Bucket=self._bucket, Key=self._key, Range=f"bytes={start}-{start + length - 1}"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "InvalidRange":
                return b"", start
            raise Invalid(f"Could not find results: s3://{self._bucket}/{self._key} cannot be read") from None
        with answer["Body"] as body:
            return body.read(), int(answer["ContentRange"].rpartition("/")[2])

    def _token(self, start: int) -> str:
        return base64.urlsafe_b64encode(json.dumps([self._key, start]).encode()).decode()

    def _start(self, token: str) -> int:
        try:
            key, start = json.loads(base64.urlsafe_b64decode(token.encode()))
        except (binascii.Error, ValueError, TypeError):
            raise Invalid(f"Invalid token: {token}") from None
        if key != self._key or not isinstance(start, int) or start < 0:
            raise Invalid(f"Invalid token: {token}")
        return start


def _quoted_row(content: bytes, at: int) -> tuple[list[dict[str, Any]], int]:
    """Return the values of the row at ``at`` and its end position, -1 if the row is incomplete."""
    row: list[dict[str, Any]] = []
    while found := _VALUE.match(content, at):
        value, at = found[1], found.end()
        row.append({} if value is None else {"VarCharValue": value.replace(b'""', b'"').decode()})
        if found[2] == b"\n":
            return row, at
    return [], -1


def _line(content: bytes, at: int) -> tuple[list[dict[str, Any]], int]:
    end = content.find(b"\n", at)
    return [{"VarCharValue": content[at:end].decode()}], end + 1 if end >= 0 else -1
