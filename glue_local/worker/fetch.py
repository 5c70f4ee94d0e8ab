"""Downloads what a run needs from S3 into its folder."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.worker import studio_transforms
from glue_local.worker.arguments import paths
from glue_local.worker.drivers.run_process import CannotStart
from glue_local.worker.run_folder import RunFolder


class CannotFetch(CannotStart):
    """A file or package that the job names cannot be fetched."""


def fetch_script(s3: Any, job: Mapping[str, Any], arguments: Mapping[str, str], folder: RunFolder) -> Path:
    """Download the run's script, ``--scriptLocation`` before the definition's, and return its path."""
    location = arguments.get("--scriptLocation") or job["Command"]["ScriptLocation"]
    try:
        return fetch(s3, location, folder.files)
    except CannotFetch as problem:
        raise CannotFetch(f"{problem}; it is the script of job {job['Name']}") from None


def fetch_python_path(s3: Any, arguments: Mapping[str, str], folder: RunFolder) -> list[str]:
    """Download ``--extra-py-files``; return the entries to put at the front of sys.path."""
    fetched = [_fetch_python_file(s3, path, folder) for path in paths(arguments, "--extra-py-files")]
    path = [str(folder.files)] if any(file.suffix == ".py" for file in fetched) else []
    return path + [str(file) for file in fetched if file.suffix != ".py"]


def _fetch_python_file(s3: Any, location: str, folder: RunFolder) -> Path:
    transform = studio_transforms.module_named(location)
    if transform is None:
        return fetch(s3, location, folder.files)
    try:
        return studio_transforms.write(transform, folder.files)
    except LookupError as problem:
        raise CannotFetch(str(problem)) from None


def fetch_extras(s3: Any, arguments: Mapping[str, str], folder: RunFolder) -> list[Path]:
    """Download ``--extra-files`` into the script's current directory, folders recursively; return them."""
    fetched: list[Path] = []
    for path in paths(arguments, "--extra-files"):
        fetched += _fetch_folder(s3, path, folder.work) if path.endswith("/") else [fetch(s3, path, folder.work)]
    return fetched


def fetch(s3: Any, location: str, target: Path) -> Path:
    """Download ``s3://bucket/key`` into the folder ``target`` and return the file; raises CannotFetch."""
    bucket, _, key = location.removeprefix("s3://").removeprefix("s3a://").partition("/")
    if not location.startswith(("s3://", "s3a://")) or not key:
        raise CannotFetch(f"{location!r} is not an S3 location (s3://bucket/key)")
    path = target / key.rsplit("/", 1)[-1]
    try:
        s3.download_file(bucket, key, str(path))
    except (BotoCoreError, ClientError) as error:
        raise _not_downloaded(s3, bucket, key, error) from None
    return path


def _not_downloaded(s3: Any, bucket: str, key: str, error: Exception) -> CannotFetch:
    """Return AWS's message for a file that cannot be fetched, with the fix.

    https://docs.aws.amazon.com/glue/latest/dg/data-quality-trouble.html has AWS's text for a file it may not read.
    """
    launch_error = f"LAUNCH ERROR | Error downloading from S3 for bucket: {bucket}, key: {key}."
    if not isinstance(error, ClientError) or error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
        return CannotFetch(f"{launch_error}{error}")
    # HeadObject returns 404 for both.
    if _exists(s3, bucket):
        missing = "the bucket has no such object: upload it"
    else:
        missing = f"the bucket {bucket} does not exist: create it and upload the file"
    fix = f"{missing} (`glue-local provision` does so for a project, whose objects are lost when the server stops)"
    return CannotFetch(f"{launch_error}Not Found (Service: Amazon S3; Status Code: 404); {fix}")


def _exists(s3: Any, bucket: str) -> bool:
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] != 404)
    return True


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal: it proves which bytes a run executed."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _fetch_folder(s3: Any, location: str, target: Path) -> list[Path]:
    bucket, _, prefix = location.removeprefix("s3://").removeprefix("s3a://").partition("/")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    try:
        keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    except (BotoCoreError, ClientError) as error:
        raise _not_downloaded(s3, bucket, prefix, error) from None
    fetched = []
    for key in keys:
        if key.endswith("/"):  # the marker of a folder
            continue
        below = target / key[len(prefix) :]
        below.parent.mkdir(parents=True, exist_ok=True)
        fetched.append(fetch(s3, f"s3://{bucket}/{key}", below.parent))
    return fetched
