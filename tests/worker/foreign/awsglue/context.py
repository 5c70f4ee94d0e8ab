"""The documented parts of GlueContext that the tests use.

It always reads all given files; calls that need an AWS service fail, as they do without a connection to AWS.
"""

from typing import Any

from pyspark.sql import SparkSession

from awsglue.dynamicframe import DataFrameReader, DynamicFrame, DynamicFrameReader, DynamicFrameWriter


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
        self.create_data_frame = DataFrameReader(self)
        self.write_dynamic_frame = DynamicFrameWriter(self)

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

    def create_data_frame_from_catalog(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("no AWS service answers")

    create_dynamic_frame_from_catalog = create_data_frame_from_catalog
    write_dynamic_frame_from_catalog = create_data_frame_from_catalog
    purge_table = create_data_frame_from_catalog
    forEachBatch = create_data_frame_from_catalog

    def getSink(self, connection_type: str, format: Any = None, transformation_ctx: str = "", **options: Any) -> Any:
        raise RuntimeError("no AWS service answers")
