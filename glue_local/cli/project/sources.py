"""Remember, with a script in S3, the file on disk that it was uploaded from."""

from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from botocore.exceptions import ClientError

_SOURCE = "glue-local-source"


def source_metadata(file: Path) -> dict[str, str]:
    """Return the metadata of an object that is uploaded from ``file``."""
    return {_SOURCE: quote(str(file.resolve()))}  # S3's metadata is ASCII


def source_of(s3: Any, location: str) -> Path | None:
    """Return the file that the object at ``location`` was uploaded from, or None if it is unknown or gone."""
    bucket, _, key = location.removeprefix("s3://").partition("/")
    if not bucket or not key:
        return None
    try:
        metadata = s3.head_object(Bucket=bucket, Key=key)["Metadata"]
    except ClientError:
        return None
    file = Path(unquote(metadata[_SOURCE])) if _SOURCE in metadata else None
    return file if file and file.is_file() else None
