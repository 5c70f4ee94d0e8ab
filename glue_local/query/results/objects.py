"""The result objects of one query in S3."""

from collections.abc import Iterable, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.query.failure import USER, QueryFailed
from glue_local.query.results.metadata import metadata

_IN_MEMORY = 8 << 20
_NOT_WRITTEN = 401


class ResultObjects:
    """Writes to ``base``, an ``s3://`` folder; raises QueryFailed if that fails."""

    def __init__(self, s3: Any, base: str, query_id: str) -> None:
        parts = urlsplit(base)
        self._s3, self._bucket, self._prefix, self._id = s3, parts.netloc, parts.path[1:], query_id

    def location(self, suffix: str, folder: str = "") -> str:
        """Return the URI of an object: ``.csv``, ``.txt``, ``-manifest.csv``."""
        return f"s3://{self._bucket}/{self._prefix}{folder}{self._id}{suffix}"

    def write(self, suffix: str, content: Iterable[bytes]) -> int:
        """Write an object of any size; return its size."""
        with SpooledTemporaryFile(_IN_MEMORY) as file:
            for piece in content:
                file.write(piece)
            size = file.tell()
            file.seek(0)
            self._put(self._prefix + self._id + suffix, file, size)
        return size

    def write_metadata(self, of: str, columns: Sequence[Mapping[str, Any]]) -> None:
        """Write ``<object>.metadata`` beside an object, given by its URI."""
        key = urlsplit(of).path[1:]
        content = metadata(self._id, columns)
        with SpooledTemporaryFile(_IN_MEMORY) as file:
            file.write(content)
            file.seek(0)
            self._put(f"{key}.metadata", file, len(content))

    def _put(self, key: str, file: Any, size: int) -> None:
        try:
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=file, ContentLength=size)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchBucket":
                raise QueryFailed(f"Unable to verify/create output bucket {self._bucket}", error_type=1306) from None
            raise _not_written(self._bucket, key, error) from None
        except BotoCoreError as error:
            raise _not_written(self._bucket, key, error) from None


def _not_written(bucket: str, key: str, error: Exception) -> QueryFailed:
    message = f"Failed to write query results to s3://{bucket}/{key}: {error}"
    return QueryFailed(message, category=USER, error_type=_NOT_WRITTEN)
