"""What a run needs from S3, brought into its folder."""

import hashlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.worker.arguments import paths
from glue_local.worker.drivers import CannotStart
from glue_local.worker.run_folder import RunFolder

_PIP_SECONDS = 600


class CannotFetch(CannotStart):
    """Something the definition names is not there."""


def fetch_script(s3: Any, job: Mapping[str, Any], arguments: Mapping[str, str], folder: RunFolder) -> Path:
    """Download the run's script, ``--scriptLocation`` before the definition's, and return its path."""
    location = arguments.get("--scriptLocation") or job["Command"]["ScriptLocation"]
    try:
        return fetch(s3, location, folder.files)
    except CannotFetch as problem:
        raise CannotFetch(f"{problem}; it is the script of job {job['Name']}") from None


def fetch_python_path(s3: Any, arguments: Mapping[str, str], folder: RunFolder) -> list[str]:
    """Download ``--extra-py-files``, install ``--additional-python-modules``; return what goes in front of sys.path."""
    fetched = [fetch(s3, path, folder.files) for path in paths(arguments, "--extra-py-files")]
    path = [str(folder.files)] if any(file.suffix == ".py" for file in fetched) else []
    path += [str(file) for file in fetched if file.suffix != ".py"]
    modules = paths(arguments, "--additional-python-modules")
    return [_install(modules, arguments, folder), *path] if modules else path


def fetch_extras(s3: Any, arguments: Mapping[str, str], folder: RunFolder) -> list[Path]:
    """Download ``--extra-files`` into the script's current directory, folders with all that is below them; return them."""
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
    """Return what AWS says of a file that cannot be fetched, and what is to be done.

    https://docs.aws.amazon.com/glue/latest/dg/data-quality-trouble.html has AWS's text for a file it may not read.
    """
    launch_error = f"LAUNCH ERROR | Error downloading from S3 for bucket: {bucket}, key: {key}."
    if not isinstance(error, ClientError) or error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
        return CannotFetch(f"{launch_error}{error}")
    # HeadObject tells no more than 404 of either.
    if _exists(s3, bucket):
        missing = "the bucket has no such object: upload it"
    else:
        missing = f"the bucket {bucket} does not exist: create it and upload the file"
    fix = f"{missing} (`glue-local provision` does so for a project, whose objects end with the server)"
    return CannotFetch(f"{launch_error}Not Found (Service: Amazon S3; Status Code: 404); {fix}")


def _exists(s3: Any, bucket: str) -> bool:
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] != 404)
    return True


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal: what tells that a run executed just these bytes."""
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


def _install(modules: list[str], arguments: Mapping[str, str], folder: RunFolder) -> str:
    target = str(folder.path / "modules")
    options = (arguments.get("--python-modules-installer-option") or "").split()
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", target, *options, *modules]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=_PIP_SECONDS
        )
    except subprocess.TimeoutExpired:
        names = ",".join(modules)
        raise CannotFetch(f"--additional-python-modules {names}: not installed in {_PIP_SECONDS} s") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise CannotFetch(f"--additional-python-modules {','.join(modules)} could not be installed: {last}")
    return target
