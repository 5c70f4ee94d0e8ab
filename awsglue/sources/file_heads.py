"""The beginning of files, read by the driver: the first line of a text file, the schema of an Avro file."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from pyspark.sql import SparkSession

T = TypeVar("T")
_READERS = 16  # each waits for the store, not for the CPU


def first_lines(spark: SparkSession, paths: Sequence[str], charset: str = "UTF-8") -> list[str | None]:
    """Return the first line of each file, decompressed according to its extension; None for an empty file."""
    jvm: Any = spark.sparkContext._jvm
    codecs = jvm.org.apache.hadoop.io.compress.CompressionCodecFactory(spark.sparkContext._jsc.hadoopConfiguration())

    def first_line(path: Any, stream: Any) -> str | None:
        codec = codecs.getCodec(path)
        text = jvm.java.io.InputStreamReader(codec.createInputStream(stream) if codec else stream, charset)
        line = jvm.java.io.BufferedReader(text).readLine()
        return None if line is None else str(line).removeprefix("\ufeff")

    return _each(spark, paths, first_line)


def avro_schemas(spark: SparkSession, paths: Sequence[str]) -> list[str]:
    """Return the schema that each Avro file was written with, as normalized JSON."""
    jvm: Any = spark.sparkContext._jvm

    def schema(_: Any, stream: Any) -> str:
        reader = jvm.org.apache.avro.file.DataFileStream(stream, jvm.org.apache.avro.generic.GenericDatumReader())
        return json.dumps(json.loads(reader.getSchema().toString()), sort_keys=True)

    return _each(spark, paths, schema)


def _each(spark: SparkSession, paths: Sequence[str], read: Callable[[Any, Any], T]) -> list[T]:
    context: Any = spark.sparkContext
    hadoop = context._jvm.org.apache.hadoop.fs.Path

    def one(path: str) -> T:
        place = hadoop(path)
        stream = place.getFileSystem(context._jsc.hadoopConfiguration()).open(place)
        try:
            return read(place, stream)
        finally:
            stream.close()

    with ThreadPoolExecutor(_READERS) as threads:
        return list(threads.map(one, paths))
