"""The documented parts of GlueContext that the tests use; it reads what it is told to, every time."""

import fnmatch
import json
from typing import Any

import boto3
from pyspark.sql import SparkSession

from awsglue.dynamicframe import DynamicFrame, DynamicFrameReader


class DataSource:
    def __init__(self, context: Any, format: str, paths: list[str]) -> None:
        self._context, self._format, self._paths = context, format, paths

    def getFrame(self) -> DynamicFrame:
        reader = self._context.spark_session.read.option("recursiveFileLookup", "true")
        return DynamicFrame(reader.format(self._format).load(self._paths), self._context, "source")


class GlueContext:
    def __init__(self, sparkContext: Any = None, **options: Any) -> None:
        self.spark_session = SparkSession.builder.getOrCreate()
        self.create_dynamic_frame = DynamicFrameReader(self)

    def getSource(
        self,
        connection_type: str,
        format: Any = None,
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **options: Any,
    ) -> DataSource:
        assert connection_type == "s3"
        return DataSource(self, format, options["paths"])

    def create_dynamic_frame_from_options(
        self,
        connection_type: str,
        connection_options: Any = {},  # noqa: B006
        format: Any = None,
        format_options: Any = {},  # noqa: B006
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        **kwargs: Any,
    ) -> DynamicFrame:
        return self.getSource(connection_type, format, transformation_ctx, **connection_options).getFrame()

    def create_data_frame_from_options(self, *args: Any, **kwargs: Any) -> Any:
        return self.create_dynamic_frame_from_options(*args, **kwargs).toDF()

    def create_dynamic_frame_from_catalog(
        self,
        database: Any = None,
        table_name: Any = None,
        redshift_tmp_dir: str = "",
        transformation_ctx: str = "",
        push_down_predicate: str = "",
        additional_options: Any = {},  # noqa: B006
        catalog_id: Any = None,
        **kwargs: Any,
    ) -> DynamicFrame:
        table = boto3.client("glue").get_table(DatabaseName=database, Name=table_name)["Table"]
        location = table["StorageDescriptor"]["Location"]
        bucket, _, prefix = location.split("://")[1].partition("/")
        listed = boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
        patterns = json.loads(additional_options.get("exclusions", "[]"))
        paths = [f"s3://{bucket}/{item['Key']}" for item in listed]
        kept = [path for path in paths if not any(fnmatch.fnmatch(path, pattern) for pattern in patterns)]
        return DynamicFrame(self.spark_session.read.json(kept), self, table_name)
