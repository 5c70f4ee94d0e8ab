"""Purge old files of a path or table, or move them to another storage class."""

import csv
import io
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import ClientError
from pyspark.sql import SparkSession

from ..data_catalog import catalog_tables
from ..options import check, number, strings
from ..sources.listing import File, list_files

_HOURS = 168
_OPTIONS = ("retentionPeriod", "excludeStorageClasses", "manifestFilePath")
_CLASSES = ("STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER", "GLACIER_IR", "DEEP_ARCHIVE", "STANDARD")
_DELETED_AT_ONCE = 1000  # the limit of DeleteObjects
_PARTITIONS_AT_ONCE = 25  # the limit of BatchDeletePartition

Act = Callable[[list[File]], list[File]]  # returns the files for which it failed


def purge_path(path: str, options: Mapping[str, Any]) -> None:
    """Delete the files under ``path`` that are older than the retention period."""
    check("options of purge_s3_path", options, _OPTIONS)
    _manifest(options, *_done([path], options, _delete))


def purge_table(
    spark: SparkSession, database: str, name: str, options: Mapping[str, Any], catalog_id: str | None
) -> None:
    """Delete old files of the partitions that match ``partitionPredicate``, and partitions that become empty."""
    check("options of purge_table", options, (*_OPTIONS, "partitionPredicate"))
    table, partitions = _selected(spark, database, name, options, catalog_id)
    _manifest(options, *_done(_roots(table, partitions), options, _delete))
    gone = [one["Values"] for one in partitions if not list_files(one["StorageDescriptor"]["Location"])]
    for start in range(0, len(gone), _PARTITIONS_AT_ONCE):
        boto3.client("glue").batch_delete_partition(
            DatabaseName=database,
            TableName=name,
            PartitionsToDelete=[{"Values": values} for values in gone[start : start + _PARTITIONS_AT_ONCE]],
            **({"CatalogId": catalog_id} if catalog_id else {}),
        )


def transition_path(path: str, to: str, options: Mapping[str, Any]) -> None:
    """Move the files under ``path`` that are older than the retention period to the storage class ``to``."""
    check("options of transition_s3_path", options, (*_OPTIONS, "accountId", "roleArn"))
    _manifest(options, *_done([path], options, _mover(to, options), leave=to))


def transition_table(
    spark: SparkSession, database: str, name: str, to: str, options: Mapping[str, Any], catalog_id: str | None
) -> None:
    """Move old files of the partitions that match ``partitionPredicate`` to the storage class ``to``."""
    check("options of transition_table", options, (*_OPTIONS, "accountId", "roleArn", "partitionPredicate"))
    act = _mover(to, options)
    table, partitions = _selected(spark, database, name, options, catalog_id)
    _manifest(options, *_done(_roots(table, partitions), options, act, leave=to))


def _selected(
    spark: SparkSession, database: str, name: str, options: Mapping[str, Any], catalog_id: str | None
) -> tuple[catalog_tables.Table, list[catalog_tables.Partition]]:
    table = catalog_tables.table(database, name, catalog_id)
    found = catalog_tables.partitions(table, catalog_id) if catalog_tables.partition_keys(table) else []
    return table, catalog_tables.select_partitions(spark, table, found, str(options.get("partitionPredicate") or ""))


def _roots(table: catalog_tables.Table, partitions: list[catalog_tables.Partition]) -> list[str]:
    if catalog_tables.partition_keys(table):
        return [one["StorageDescriptor"]["Location"] for one in partitions]
    return [table["StorageDescriptor"]["Location"]]


def _done(
    roots: Iterable[str], options: Mapping[str, Any], act: Act, leave: str | None = None
) -> tuple[list[File], list[File]]:
    """Call ``act`` on the files that are old enough; return the files it succeeded and failed for."""
    hours = number(options, "retentionPeriod", _HOURS) or 0
    before = time.time() * 1000 - hours * 3_600_000
    excluded = {*strings(options.get("excludeStorageClasses")), leave}
    old = [
        file
        for root in roots
        for file in list_files(_on_s3(root))
        if file.modified <= before and file.storage_class not in excluded
    ]
    failed = act(old)
    paths = {file.path for file in failed}
    return [file for file in old if file.path not in paths], failed


def _on_s3(path: str) -> str:
    if urlsplit(path).scheme not in ("s3", "s3a", "s3n"):
        raise ValueError(f"{path!r} is not an S3 path: only files on S3 can be purged or moved (s3://bucket/prefix)")
    return path


def _delete(files: list[File]) -> list[File]:
    failed: list[File] = []
    by_bucket: dict[str, list[File]] = {}
    for file in files:
        by_bucket.setdefault(_place(file)["Bucket"], []).append(file)
    for bucket, some in by_bucket.items():
        for start in range(0, len(some), _DELETED_AT_ONCE):
            part = {_place(file)["Key"]: file for file in some[start : start + _DELETED_AT_ONCE]}
            objects = {"Objects": [{"Key": key} for key in part], "Quiet": True}
            answer = boto3.client("s3").delete_objects(Bucket=bucket, Delete=objects)
            failed += [part[error["Key"]] for error in answer.get("Errors", [])]
    return failed


def _mover(to: str, options: Mapping[str, Any]) -> Act:
    if to not in _CLASSES:
        raise ValueError(f"transition_to: unknown storage class {to!r}, use one of {', '.join(_CLASSES)}")
    for name in ("accountId", "roleArn"):
        if not options.get(name):
            raise ValueError(f"transition: options must have {name}")

    def move(files: list[File]) -> list[File]:
        s3, failed = boto3.client("s3"), []
        for file in files:
            try:
                s3.copy_object(**_place(file), CopySource=_place(file), StorageClass=to, MetadataDirective="COPY")
            except ClientError:
                failed.append(file)
        return failed

    return move


def _place(file: File) -> dict[str, str]:
    bucket, _, key = file.path.split("://", 1)[1].partition("/")
    return {"Bucket": bucket, "Key": key}


def _manifest(options: Mapping[str, Any], done: list[File], failed: list[File]) -> None:
    """Write Success.csv and Failed.csv under ``manifestFilePath``, with bucket and key of each file."""
    if not options.get("manifestFilePath"):
        return
    bucket, _, prefix = _on_s3(str(options["manifestFilePath"])).split("://", 1)[1].partition("/")
    for name, files in (("Success.csv", done), ("Failed.csv", failed)):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(list(_place(file).values()) for file in files)
        key = f"{prefix.rstrip('/')}/{name}".lstrip("/")
        boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=text.getvalue().encode())
