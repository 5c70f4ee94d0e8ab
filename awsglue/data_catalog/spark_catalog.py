"""The Glue Data Catalog as Spark SQL's catalog, for ``--enable-glue-datacatalog``.

Spark has an in-memory external catalog. This module wraps it: lookups first copy the entry from Glue, and changes are
then written to Glue. AWS has a Hive metastore client in this place.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

import boto3
from pyspark.java_gateway import ensure_callback_server_started
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

from ..sinks.s3 import STORAGE
from ..sources.delimited import dialect
from ..sources.listing import without_slash
from ..sources.tables import format_of
from . import catalog_tables

_PROVIDER = "spark.sql.sources.provider"
_CATALYST = "org.apache.spark.sql.catalyst"


def attach_to_sessions() -> None:
    """Connect every new session to the Glue Data Catalog."""
    begin = SparkSession.__init__

    def init(self: Any, *arguments: Any, **options: Any) -> None:
        begin(self, *arguments, **options)
        attach(self)

    SparkSession.__init__ = init


def attach(spark: SparkSession) -> None:
    """Connect all sessions of a Spark context to the Glue Data Catalog; further calls do nothing."""
    listening = spark._jsparkSession.sharedState().externalCatalog()
    field = listening.getClass().getDeclaredField("delegate")
    field.setAccessible(True)
    inner = field.get(listening)
    if not str(inner.getClass().getName()).endswith("InMemoryCatalog"):
        return
    ensure_callback_server_started(spark.sparkContext._gateway)
    field.set(listening, GlueExternalCatalog(spark, inner))


class GlueExternalCatalog:
    """Spark's ExternalCatalog, called by the JVM; other methods go to the inner catalog."""

    class Java:
        """The Java interface, for py4j."""

        implements = (f"{_CATALYST}.catalog.ExternalCatalog",)

    def __init__(self, spark: SparkSession, inner: Any) -> None:
        self._inner, self._jvm = inner, spark.sparkContext._jvm
        self._versions: dict[tuple[str, str], str] = {}
        self._partitions: dict[tuple[str, str], str] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        pull = _PULLS.get(name)
        push = _PUSHES.get(name)
        inner = getattr(self._inner, name)

        def call(*arguments: Any) -> Any:
            if pull:
                getattr(self, pull)(*arguments)
            answer = inner(*arguments)
            if push:
                getattr(self, push)(*arguments)
            return answer

        return call

    def _pull_databases(self, *_: Any) -> None:
        glue = boto3.client("glue")
        for page in glue.get_paginator("get_databases").paginate():
            for database in page["DatabaseList"]:
                self._know_database(database)

    def _pull_database(self, name: str, *_: Any) -> None:
        glue = boto3.client("glue")
        try:
            self._know_database(glue.get_database(Name=name)["Database"])
        except glue.exceptions.EntityNotFoundException:
            return

    def _know_database(self, database: dict[str, Any]) -> None:
        name = database["Name"]
        if self._inner.databaseExists(name):
            return
        location = database.get("LocationUri") or f"{_NOWHERE}{name}"
        uri, none = self._jvm.java.net.URI(location), self._map({})
        description = database.get("Description", "")
        made = self._jvm.org.apache.spark.sql.catalyst.catalog.CatalogDatabase(name, description, uri, none)
        self._inner.createDatabase(made, True)

    def _pull_tables(self, database: str, *_: Any) -> None:
        self._pull_database(database)
        pages = boto3.client("glue").get_paginator("get_tables").paginate(DatabaseName=database)
        for table in (table for page in pages for table in page["TableList"]):
            if "Location" in table.get("StorageDescriptor", {}):
                self._know_table(table)

    def _pull_table(self, database: str, name: str, *_: Any) -> None:
        glue = boto3.client("glue")
        self._pull_database(database)
        try:
            self._know_table(catalog_tables.table(database, name))
        except glue.exceptions.EntityNotFoundException:
            if self._inner.databaseExists(database) and self._inner.tableExists(database, name):
                self._forget(database, name)

    def _know_table(self, table: dict[str, Any]) -> None:
        key = (table["DatabaseName"], table["Name"])
        if self._versions.get(key) == table["VersionId"] and self._inner.tableExists(*key):
            return
        if self._inner.tableExists(*key):
            self._forget(*key)
        self._inner.createTable(self._catalog_table(table), True)
        self._versions[key] = table["VersionId"]

    def _forget(self, database: str, name: str) -> None:
        # All tables are external in the inner catalog: dropping one there deletes no files.
        self._inner.dropTable(database, name, True, False)
        self._versions.pop((database, name), None)

    def _pull_partitions(self, database: str, name: str, *_: Any) -> None:
        self._pull_table(database, name)
        table = catalog_tables.table(database, name)
        keys = catalog_tables.partition_keys(table)
        found = {tuple(one["Values"]): one["StorageDescriptor"]["Location"] for one in catalog_tables.partitions(table)}
        storage = self._inner.getTable(database, name).storage()
        known = self._inner.listPartitions(database, name, self._none())
        specs = [known.apply(place).spec() for place in range(known.size())]
        if specs:
            self._inner.dropPartitions(database, name, self._seq(specs), True, False, True)
        parts = [
            self._jvm.org.apache.spark.sql.catalyst.catalog.CatalogTablePartition(
                self._map(dict(zip(keys, values, strict=True))),
                self._storage(location, storage.properties()),
                self._map({}),
                0,
                0,
                self._none(),
            )
            for values, location in found.items()
        ]
        self._inner.createPartitions(database, name, self._seq(parts), True)

    def _catalog_table(self, table: dict[str, Any]) -> Any:
        provider, options = _provider(table)
        columns = [*table["StorageDescriptor"].get("Columns", []), *table.get("PartitionKeys", [])]
        text = ", ".join(f"`{column['Name']}` {column.get('Type', 'string')}" for column in columns)
        name = self._jvm.org.apache.spark.sql.catalyst.TableIdentifier(
            table["Name"], self._jvm.scala.Option.apply(table["DatabaseName"])
        )
        of = self._jvm.org.apache.spark.sql.catalyst.catalog
        return of.CatalogTable(
            name,
            of.CatalogTableType("EXTERNAL"),
            self._storage(table["StorageDescriptor"]["Location"], self._map(options)),
            self._jvm.org.apache.spark.sql.types.StructType.fromDDL(text),
            self._jvm.scala.Option.apply(provider),
            self._seq(catalog_tables.partition_keys(table)),
            *(self._none(), "", 0, 0, "", self._map({}), self._none(), self._none(), self._none(), self._seq([])),
            *(True, True, self._map({}), self._none()),
        )

    def _storage(self, location: str, properties: Any) -> Any:
        # Spark finds no files in a folder whose location ends with a slash.
        none, location = self._none(), without_slash(location)
        return self._jvm.org.apache.spark.sql.catalyst.catalog.CatalogStorageFormat(
            self._jvm.scala.Option.apply(self._jvm.java.net.URI(location)), none, none, none, False, properties
        )

    def _none(self) -> Any:
        return self._jvm.scala.Option.empty()

    def _seq(self, values: Iterable[Any]) -> Any:
        java = self._jvm.java.util.ArrayList()
        for value in values:
            java.add(value)
        return self._jvm.org.apache.spark.api.python.PythonUtils.toSeq(java)

    def _map(self, values: dict[str, str]) -> Any:
        java = self._jvm.java.util.HashMap()
        for key, value in values.items():
            java.put(key, value)
        return self._jvm.org.apache.spark.api.python.PythonUtils.toScalaMap(java)

    def _push_database(self, definition: Any, *_: Any) -> None:
        given = {"Name": str(definition.name()), "Description": str(definition.description())}
        location = str(definition.locationUri().toString())
        kept = {} if location.startswith("file:") else {"LocationUri": location}
        boto3.client("glue").create_database(DatabaseInput={**given, **kept})

    def _drop_database(self, name: str, *_: Any) -> None:
        boto3.client("glue").delete_database(Name=name)

    def _push_table(self, definition: Any, *_: Any) -> None:
        database, name = str(definition.identifier().database().get()), str(definition.identifier().table())
        glue, given = boto3.client("glue"), _table_input(self._inner.getTable(database, name))
        try:
            version = catalog_tables.table(database, name)["VersionId"]
            glue.update_table(DatabaseName=database, TableInput=given)
            self._versions[(database, name)] = str(int(version) + 1)
        except glue.exceptions.EntityNotFoundException:
            glue.create_table(DatabaseName=database, TableInput=given)
            self._versions[(database, name)] = catalog_tables.table(database, name)["VersionId"]

    def _push_schema(self, database: str, name: str, *_: Any) -> None:
        self._push_table(self._inner.getTable(database, name))

    def _drop_table(self, database: str, name: str, *_: Any) -> None:
        self._versions.pop((database, name), None)
        glue = boto3.client("glue")
        try:
            glue.delete_table(DatabaseName=database, Name=name)
        except glue.exceptions.EntityNotFoundException:
            return

    def _push_partitions(self, database: str, name: str, parts: Any, *_: Any) -> None:
        table = catalog_tables.table(database, name)
        values = [
            self._values(parts.apply(place).spec(), catalog_tables.partition_keys(table))
            for place in range(parts.size())
        ]
        locations = [parts.apply(place).storage().locationUri() for place in range(parts.size())]
        root = table["StorageDescriptor"]["Location"].rstrip("/")
        hive = catalog_tables.hive_folders(table, values)
        odd = [one for one, usual in zip(locations, hive, strict=True) if one.isDefined() and _text(one) != usual]
        if odd:
            raise NotImplementedError(f"{database}.{name}: partition location {_text(odd[0])} is not under {root}")
        catalog_tables.add_partitions(table, values)

    def _drop_partitions(self, database: str, name: str, specs: Any, *_: Any) -> None:
        keys = catalog_tables.partition_keys(catalog_tables.table(database, name))
        values = [{"Values": self._values(specs.apply(place), keys)} for place in range(specs.size())]
        boto3.client("glue").batch_delete_partition(DatabaseName=database, TableName=name, PartitionsToDelete=values)

    def _refuse(self, *_: Any) -> None:
        raise NotImplementedError(
            "--enable-glue-datacatalog: renaming tables and renaming or altering partitions is not supported yet"
        )

    @staticmethod
    def _values(spec: Any, keys: list[str]) -> list[str]:
        return [str(spec.get(key).get()) for key in keys]


_NOWHERE = "file:/glue-local/the-database-has-no-LocationUri/"
_PULLS = {
    **dict.fromkeys(("listDatabases",), "_pull_databases"),
    **dict.fromkeys(("databaseExists", "getDatabase", "setCurrentDatabase", "dropDatabase"), "_pull_database"),
    **dict.fromkeys(("listTables",), "_pull_tables"),
    **dict.fromkeys(("tableExists", "getTable", "dropTable", "alterTableDataSchema"), "_pull_table"),
    **dict.fromkeys(("listPartitions", "listPartitionsByFilter", "listPartitionNames"), "_pull_partitions"),
    **dict.fromkeys(("getPartition", "getPartitionOption", "dropPartitions"), "_pull_partitions"),
    **dict.fromkeys(("renamePartitions", "alterPartitions", "renameTable", "alterDatabase"), "_refuse"),
}
_PUSHES = {
    "createDatabase": "_push_database",
    "dropDatabase": "_drop_database",
    "createTable": "_push_table",
    "alterTable": "_push_table",
    "alterTableDataSchema": "_push_schema",
    "dropTable": "_drop_table",
    "createPartitions": "_push_partitions",
    "dropPartitions": "_drop_partitions",
}


def _text(option: Any) -> str:
    return str(option.get().toString()).rstrip("/")


def _provider(table: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the Spark data source for a table's files, and its options."""
    named = table.get("Parameters", {}).get(_PROVIDER)
    if named in ("delta", "hudi", "iceberg"):
        return str(named), {}
    format, options = format_of(table)
    if format == "csv":
        return "csv", {**dialect(options), "header": str(bool(options.get("skipFirst"))).lower()}
    if format not in STORAGE:
        raise NotImplementedError(
            f"Spark SQL on {table['DatabaseName']}.{table['Name']}: Spark has no data source for {format}"
        )
    return format, {}


def _table_input(definition: Any) -> dict[str, Any]:
    schema = StructType.fromJson(json.loads(definition.schema().json()))
    keys = [name for name in str(definition.partitionColumnNames().mkString("\n")).split("\n") if name]
    columns = {field.name: field.dataType.simpleString() for field in schema.fields}
    location = str(definition.storage().locationUri().get().toString())
    name = str(definition.identifier().unquotedString())
    if location.startswith(_NOWHERE) or "spark-warehouse" in location:
        raise ValueError(f"{name} has no location: set LocationUri on the database, or LOCATION on the table")
    provider = str(definition.provider().get()).lower() if definition.provider().isDefined() else "parquet"
    reads, writes, serde = STORAGE.get(provider, STORAGE["parquet"])
    return {
        "Name": str(definition.identifier().table()),
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": provider, _PROVIDER: provider},
        "PartitionKeys": [{"Name": key, "Type": columns[key]} for key in keys],
        "StorageDescriptor": {
            "Columns": [{"Name": name, "Type": kind} for name, kind in columns.items() if name not in keys],
            "Location": location,
            "InputFormat": reads,
            "OutputFormat": writes,
            "SerdeInfo": {"SerializationLibrary": serde, "Parameters": {}},
        },
    }
