"""MongoDB and Amazon DocumentDB collections, through MongoDB's Spark connector."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

from pyspark.sql import DataFrame, SparkSession

from ..data_catalog import connections
from ..options import check, true

CONNECTION_TYPES = ("mongodb", "documentdb")
_CLASS = "com.mongodb.spark.sql.connector.MongoTableProvider"
_ADDRESS = ("uri", "connection.uri", "username", "password", "database", "collection", "connectionName")
_TLS = ("ssl", "tls", "ssl.domain_match", "disableUpdateUri", "retryWrites")
# How the connector divides its work, which does not change the result.
_READ_SPEED = ("partitioner", "batchSize", "samplePoolSize", "maxPoolSize")
_SINGLE_PARTITION = "com.mongodb.spark.sql.connector.read.partitioner.SinglePartitionPartitioner"
_WRITE = ("replaceDocument", "operationType", "idFieldList", "ordered", "convertJson")
_WRITE_SPEED = ("maxBatchSize", "forceInsert", "bulkSize")


def frame(spark: SparkSession, connection_type: str, options: Mapping[str, Any]) -> DataFrame:
    """Return the documents of a collection.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-mongodb-home.html
    """
    prefixed = [name for name in options if name.startswith(("partitionerOptions.", "partitioner.options."))]
    check(f"connection_options for {connection_type}", options, (*_ADDRESS, *_TLS, *_READ_SPEED, *prefixed))
    _require_connector(spark, connection_type)
    named = str(options.get("partitioner") or "")
    # AWS's short names are those of an older connector; the other partitioners need statistics that not every server has.
    partitioner = named if "." in named else _SINGLE_PARTITION
    given = {name: str(options[name]) for name in prefixed if name.startswith("partitioner.options.")}
    reader = spark.read.format("mongodb").options(**address(connection_type, options), **given)
    return reader.option("partitioner", partitioner).load()


def write(frame: DataFrame, connection_type: str, options: Mapping[str, Any]) -> None:
    """Insert each row as a document; a document with the same _id is replaced."""
    check(f"connection_options for {connection_type}", options, (*_ADDRESS, *_TLS, *_WRITE, *_WRITE_SPEED))
    _require_connector(frame.sparkSession, connection_type)
    given = {name: str(options[name]) for name in _WRITE if name in options and name != "replaceDocument"}
    if "replaceDocument" in options:
        given["operationType"] = "replace" if true(options, "replaceDocument") else "update"
    if frame.columns:
        writer = frame.write.format("mongodb").mode("append")
        writer.options(**address(connection_type, options), **given).save()


def address(connection_type: str, options: Mapping[str, Any]) -> dict[str, str]:
    """Return the connector's options: the URI with login and TLS, database and collection; ValueError if one is missing."""
    if options.get("connectionName"):
        options = {**connections.mongodb(str(options["connectionName"])), **options}
    uri = options.get("connection.uri") or options.get("uri")
    for name, value in (("uri", uri), ("database", options.get("database")), ("collection", options.get("collection"))):
        if not value:
            raise ValueError(f'connection_options for {connection_type} must have "{name}"')
    tls = {"tls": "true"} if true(options, "ssl") or true(options, "tls") else {}
    if tls and str(options.get("ssl.domain_match", "true")).lower() == "false":
        tls["tlsAllowInvalidHostnames"] = "true"
    writes = {"retryWrites": str(options["retryWrites"]).lower()} if "retryWrites" in options else {}
    return {
        "connection.uri": _uri(str(uri), options, {**tls, **writes}),
        "database": str(options["database"]),
        "collection": str(options["collection"]),
    }


def _uri(uri: str, options: Mapping[str, Any], parameters: Mapping[str, str]) -> str:
    scheme, _, rest = uri.partition("://")
    if scheme not in ("mongodb", "mongodb+srv"):
        raise ValueError(f"invalid MongoDB URI {uri!r}: expected mongodb://host:port")
    hosts, _, query = rest.partition("?")
    server, _, path = hosts.partition("/")
    if options.get("username") and "@" not in server:
        login = ":".join(quote_plus(str(options[name])) for name in ("username", "password") if options.get(name))
        server = f"{login}@{server}"
    given = dict(part.partition("=")[::2] for part in query.split("&") if part)
    whole = "&".join(f"{name}={value}" for name, value in {**parameters, **given}.items())
    return f"{scheme}://{server}/{path}" + (f"?{whole}" if whole else "")


def _require_connector(spark: SparkSession, connection_type: str) -> None:
    loader = spark.sparkContext._jvm.java.lang.Thread.currentThread().getContextClassLoader()
    if loader.getResource(_CLASS.replace(".", "/") + ".class") is None:
        raise ValueError(
            f"connection_type {connection_type}: MongoDB's Spark connector is not on the class path. "
            "Run `glue-local doctor --fix --connectors mongodb` and restart the server, or add it with --extra-jars"
        )
