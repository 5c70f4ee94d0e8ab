"""Purge old files on S3, and move them to another storage class."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from awsglue.context import GlueContext

NOW = {"retentionPeriod": 0}
MOVE = {**NOW, "accountId": "000000000000", "roleArn": "arn:aws:iam::000000000000:role/r"}


def test_a_purge_deletes_files_older_than_the_retention_period(glue_context: GlueContext, bucket: Any) -> None:
    for key in ("in/a", "in/deep/b", "other/c"):
        bucket.put(key, "x")
    glue_context.purge_s3_path(bucket.path("in/"))
    glue_context.purge_s3_path(bucket.path("in/"), {"retentionPeriod": 1})
    assert bucket.keys() == ["in/a", "in/deep/b", "other/c"], (
        "the default is a week, and the files are less than an hour old"
    )
    glue_context.purge_s3_path(bucket.path("in/"), NOW)
    assert bucket.keys() == ["other/c"]


def test_excluded_storage_classes_are_kept_and_manifests_list_files(glue_context: GlueContext, bucket: Any) -> None:
    bucket.put("in/warm", "x")
    bucket.put("in/cold", "x", StorageClass="GLACIER")
    options = {**NOW, "excludeStorageClasses": ["GLACIER"], "manifestFilePath": bucket.path("manifests/")}
    glue_context.purge_s3_path(bucket.path("in/"), options)
    assert bucket.keys("in/") == ["in/cold"]
    assert bucket.get("manifests/Success.csv").decode() == f"{bucket.name},in/warm\n"
    assert bucket.get("manifests/Failed.csv") == b""


def test_a_transition_changes_the_storage_class_and_nothing_else(glue_context: GlueContext, bucket: Any) -> None:
    bucket.put("in/a", "text", Metadata={"owner": "me"})
    glue_context.transition_s3_path(bucket.path("in/"), "GLACIER", MOVE)
    head = bucket.s3.head_object(Bucket=bucket.name, Key="in/a")
    assert (head["StorageClass"], head["Metadata"]) == ("GLACIER", {"owner": "me"})
    moved = head["LastModified"]
    glue_context.transition_s3_path(bucket.path("in/"), "GLACIER", MOVE)
    assert bucket.s3.head_object(Bucket=bucket.name, Key="in/a")["LastModified"] == moved


@pytest.fixture
def table(glue: Any, bucket: Any) -> None:
    storage = {"Location": bucket.path("t/"), "Columns": [{"Name": "n", "Type": "bigint"}]}
    keys = [{"Name": "day", "Type": "int"}]
    described = {"Name": "t", "PartitionKeys": keys, "StorageDescriptor": storage}
    glue.create_table(DatabaseName="db", TableInput=described)
    for day in ("1", "2", "11"):
        bucket.put(f"t/day={day}/a.json", '{"n": 1}')
        storage = {"Location": bucket.path(f"t/day={day}/")}
        partition = {"Values": [day], "StorageDescriptor": storage}
        glue.create_partition(DatabaseName="db", TableName="t", PartitionInput=partition)


def test_purging_a_table_removes_empty_partitions(
    table: None, glue: Any, glue_context: GlueContext, bucket: Any
) -> None:
    glue_context.purge_table("db", "t", {**NOW, "partitionPredicate": "day > 1"})
    assert bucket.keys("t/") == ["t/day=1/a.json"]
    found = glue.get_partitions(DatabaseName="db", TableName="t")["Partitions"]
    assert [partition["Values"] for partition in found] == [["1"]]


def test_partitions_of_a_table_are_moved(table: None, glue_context: GlueContext, bucket: Any) -> None:
    glue_context.transition_table("db", "t", "DEEP_ARCHIVE", {**MOVE, "partitionPredicate": "day = 11"})
    found = bucket.s3.list_objects_v2(Bucket=bucket.name, Prefix="t/")["Contents"]
    assert {item["Key"] for item in found if item["StorageClass"] == "DEEP_ARCHIVE"} == {"t/day=11/a.json"}


def test_invalid_arguments_are_named(glue_context: GlueContext, bucket: Any, tmp_path: Any) -> None:
    with pytest.raises(ValueError, match="is not an S3 path"):
        glue_context.purge_s3_path(str(tmp_path))
    with pytest.raises(ValueError, match="roleArn"):
        glue_context.transition_s3_path(bucket.path(), "GLACIER", {"accountId": "1"})
    with pytest.raises(ValueError, match="'ICE'"):
        glue_context.transition_s3_path(bucket.path(), "ICE", MOVE)
    with pytest.raises(ClientError, match="NoSuchBucket"):
        glue_context.purge_s3_path("s3://no-such-bucket/x", NOW)
