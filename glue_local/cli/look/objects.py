"""``glue-local ls`` and ``put``: list objects in S3, and store files there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.listing import AsJson, show
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.suggestions import missing
from glue_local.client.clients import local

app = typer.Typer(add_completion=False)


@app.command(name="ls")
def list_objects(
    url: Annotated[str, typer.Argument(metavar="[s3://BUCKET/PREFIX]", help="A bucket or prefix.")] = "s3://",
    recursive: Annotated[bool, typer.Option("--recursive", "-r", help="List all objects below, not only folders.")] = False,
    as_json: AsJson = False,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:  # fmt: skip
    """List buckets, or the folders and objects below a prefix in S3."""
    s3 = local("s3", endpoint_url=endpoint(port, endpoint_url))
    bucket, prefix = split(url)
    if not bucket:
        rows = [{"Url": f"s3://{name}/"} for name in buckets(s3)]
        show(rows, {"bucket": "Url"}, as_json, "no buckets: `glue-local provision` creates those in glue-local.yaml")
        return
    with bucket_exists(s3, bucket):
        rows = list(_listed(s3, bucket, prefix, "" if recursive else "/"))
    columns = {"#bytes": "Size", "modified": "LastModified", "object": "Url"}
    show(rows, columns, as_json, f"nothing at {url}: `glue-local ls s3://{bucket}/` shows the bucket")


@app.command(name="put")
def put(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A file, or a folder with all its files.")],
    url: Annotated[str, typer.Argument(metavar="s3://BUCKET/KEY", help="A key, or a prefix that ends with /.")],
    as_json: AsJson = False,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Store a file, or the files of a folder, in S3."""
    bucket, key = split(url)
    if not bucket:
        raise CommandError(f"{url} names no bucket: write s3://BUCKET/KEY")
    s3 = local("s3", endpoint_url=endpoint(port, endpoint_url))
    rows = []
    for file, to in targets(source, key):
        with bucket_exists(s3, bucket), file.open("rb") as body:
            s3.put_object(Bucket=bucket, Key=to, Body=body)
        rows.append({"File": str(file), "Size": file.stat().st_size, "Url": f"s3://{bucket}/{to}"})
    if as_json:
        show(rows, {}, as_json, "")
        return
    for row in rows:
        print(f"{row['File']} → {row['Url']}")


def split(url: str) -> tuple[str, str]:
    """Return the bucket and the key of an S3 URL; raises CommandError for anything else."""
    if not url.startswith("s3://"):
        raise CommandError(f"{url} is not a URL of S3: write s3://BUCKET/KEY")
    bucket, _, key = url.removeprefix("s3://").partition("/")
    return bucket, key


def buckets(s3: Any) -> list[str]:
    """Return the names of all buckets."""
    return [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]


def targets(source: Path, key: str) -> list[tuple[Path, str]]:
    """Return each file of ``source`` with its key; raises CommandError if there is none."""
    if source.is_dir():
        prefix = f"{key.rstrip('/')}/" if key else ""
        files = sorted(file for file in source.rglob("*") if file.is_file() and not file.name.startswith("."))
        if not files:
            raise CommandError(f"folder {source} has no files")
        return [(file, f"{prefix}{file.relative_to(source).as_posix()}") for file in files]
    if not source.is_file():
        raise CommandError(f"file {source} does not exist")
    return [(source, f"{key}{source.name}" if not key or key.endswith("/") else key)]


@contextmanager
def bucket_exists(s3: Any, name: str) -> Iterator[None]:
    """Suggest a bucket's name if the bucket ``name`` does not exist."""
    hint = "`glue-local ls` lists the buckets, `glue-local provision` creates those in glue-local.yaml"
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
        raise missing("bucket", name, buckets(s3), hint) from None


def _listed(s3: Any, bucket: str, prefix: str, delimiter: str) -> Iterator[dict[str, Any]]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter=delimiter):
        for folder in page.get("CommonPrefixes", []):
            yield {"Url": f"s3://{bucket}/{folder['Prefix']}", "Size": None, "LastModified": None}
        for item in page.get("Contents", []):
            modified = item["LastModified"]
            yield {"Url": f"s3://{bucket}/{item['Key']}", "Size": item["Size"], "LastModified": modified}
