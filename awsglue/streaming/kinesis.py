"""Kinesis streams as streaming DataFrames."""

import atexit
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from ..data_catalog import catalog_tables
from ..options import check, number, true
from .consumer import Consumer
from .queries import consumers_of, watch_queries

CONNECTION_TYPES = ("kinesis",)
# Glue's column name for records whose schema is inferred batch by batch.
TO_INFER = "$json$data_infer_schema$_temporary$"
_HONOURED = (
    *("streamARN", "streamArn", "streamName", "typeOfData", "classification", "delimiter", "startingPosition"),
    *("schema", "inferSchema", "addRecordTimestamp", "maxRecordPerRead"),
)
# Pace, retries and credentials of reads: they do not change the records.
_PACE = (
    *("endpointUrl", "awsSTSRoleARN", "awsSTSSessionName", "awsSTSEndpoint", "maxFetchTimeInMs"),
    *("maxFetchRecordsPerShard", "addIdleTimeBetweenReads", "idleTimeBetweenReadsInMs", "describeShardInterval"),
    *("numRetries", "retryIntervalMs", "maxRetryIntervalMs", "avoidEmptyBatches", "failOnDataLoss"),
    *("emitConsumerLagMetrics", "fanoutConsumerARN"),
)
_POSITIONS = {"latest": "LATEST", "trim_horizon": "TRIM_HORIZON", "earliest": "TRIM_HORIZON"}


def is_stream(table: catalog_tables.Table) -> bool:
    """Return whether a catalog table is a Kinesis stream."""
    return str(_parameters(table).get("typeOfData", "")).lower() == "kinesis"


def table_frame(spark: SparkSession, table: catalog_tables.Table, options: Mapping[str, Any]) -> DataFrame:
    """Read the stream of a catalog table, with the table's columns unless inferSchema is set."""
    described = _parameters(table)
    known = {name: described[name] for name in (*_HONOURED, *_PACE) if name in described}
    if not known.get("streamName") and not known.get("streamARN"):
        known["streamName"] = table["StorageDescriptor"].get("Location", "")
    columns = table["StorageDescriptor"].get("Columns", [])
    schema = ", ".join(f"`{column['Name']}` {column['Type']}" for column in columns)
    return frame(spark, {"schema": schema, **known, **options})


def _parameters(table: catalog_tables.Table) -> dict[str, Any]:
    return {**table.get("Parameters", {}), **table.get("StorageDescriptor", {}).get("Parameters", {})}


def frame(spark: SparkSession, options: Mapping[str, Any]) -> DataFrame:
    """Read a stream from startingPosition on; classification (json or csv) and schema determine how records are parsed.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-kinesis-home.html
    """
    check("connection_options for kinesis", options, (*_HONOURED, *_PACE))
    stream = _stream(options)
    boto3.client("kinesis").describe_stream_summary(**stream)
    known = consumers_of(spark)
    name = str(stream.get("StreamName") or stream["StreamARN"].rpartition("/")[2])
    landing = _folder() / f"{len(known)}-{name}"
    consumer = Consumer(stream, landing, _position(options), number(options, "maxRecordPerRead", 10_000) or 1)
    known.append(consumer)
    watch_queries(spark)
    atexit.register(consumer.stop)
    files = spark.readStream.schema("data string, arrived bigint").option("cleanSource", "delete")
    # A glob, because for a plain folder Spark refuses files that a restarted query had read from another folder.
    return _parsed(files.json(f"file://{landing}/*.json"), options)


def _stream(options: Mapping[str, Any]) -> dict[str, str]:
    arn = options.get("streamARN") or options.get("streamArn")
    if arn:
        return {"StreamARN": str(arn)}
    if not options.get("streamName"):
        raise ValueError('connection_options for kinesis must have "streamARN" or "streamName"')
    return {"StreamName": str(options["streamName"])}


def _position(options: Mapping[str, Any]) -> dict[str, Any]:
    given = str(options.get("startingPosition") or "latest")
    if given.lower() in _POSITIONS:
        return {"ShardIteratorType": _POSITIONS[given.lower()]}
    try:
        moment = datetime.fromisoformat(given.replace("Z", "+00:00"))
    except ValueError:
        names = ", ".join(_POSITIONS)
        raise ValueError(
            f"invalid startingPosition {given!r}: use {names} or a time (yyyy-mm-ddThh:mm:ss+hh:mm)"
        ) from None
    return {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": moment}


def _folder() -> Path:
    # In a job run the current directory belongs to the run and is deleted with it.
    home = os.getcwd() if "GLUE_LOCAL_RUN_URL" in os.environ else None
    return Path(tempfile.mkdtemp(prefix="kinesis-", dir=home))


def _parsed(raw: DataFrame, options: Mapping[str, Any]) -> DataFrame:
    classification = str(options.get("classification") or "").lower()
    kept = []
    if options.get("addRecordTimestamp") and str(options["addRecordTimestamp"]).lower() != "false":
        kept = [F.timestamp_millis("arrived").alias("__src_timestamp")]
    schema = str(options.get("schema") or "")
    if classification == "json" and (true(options, "inferSchema") or not schema):
        return raw.select(F.col("data").alias(TO_INFER), *kept)
    if classification not in ("json", "csv"):
        raise NotImplementedError(f"kinesis: the classification {classification!r} is not emulated, use json or csv")
    if not schema:
        raise ValueError("kinesis: the classification csv needs a schema")
    if classification == "json":
        record = F.from_json("data", schema)
    else:
        record = F.from_csv("data", schema, {"sep": str(options.get("delimiter") or ",")})
    return raw.select(record.alias("record"), *kept).select("record.*", *(["__src_timestamp"] if kept else []))
