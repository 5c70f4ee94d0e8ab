"""The metadata of databases, read by their JDBC drivers in a JVM of its own, without Spark."""

import contextlib
import glob
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from glue_local.crawl.failures import CrawlFailed
from glue_local.prerequisites import Unmet, connector, java
from glue_local.settings import Machine

_DRIVERS = {"postgresql": "org.postgresql.Driver", "redshift": "com.amazon.redshift.Driver"}
_LONGEST_END = 30  # seconds
_KINDS = ("TABLE", "VIEW", "PARTITIONED TABLE", "MATERIALIZED VIEW", "FOREIGN TABLE")


@dataclass(frozen=True)
class Column:
    """A column: its number of java.sql.Types, the database's name of the type, its size, scale and comment."""

    name: str
    number: int
    type: str
    size: int
    scale: int
    comment: str


@dataclass(frozen=True)
class Relation:
    """A table or view with its columns."""

    schema: str
    name: str
    is_view: bool
    comment: str
    columns: tuple[Column, ...]


def relations(
    machine: Machine, vendor: str, where: Mapping[str, str], names: tuple[str, str, str], check: Callable[[], None]
) -> list[Relation]:
    """Return the relations of a database whose schema and name match LIKE patterns: ``names`` is catalog, schema, table.

    ``where`` has ``url``, ``user`` and ``password``. Raises CrawlFailed if Java or the driver is missing, or the
    database refuses.
    """
    driver = _DRIVERS[vendor]
    # Imported by the first crawl that needs it, not by every start of the server.
    protocol = import_module("py4j.protocol")
    with _jvm(machine) as jvm:
        check()
        try:
            properties = jvm.java.util.Properties()
            for name in ("user", "password"):
                properties.setProperty(name, where[name])
            opened = getattr(jvm, driver)().connect(where["url"], properties)
            try:
                return _read(jvm, opened.getMetaData(), names, check)
            finally:
                opened.close()
        except protocol.Py4JJavaError as error:
            # Without the URL's parameters, which may have a password.
            url = where["url"].partition("?")[0]
            raise CrawlFailed(f"The database {url} cannot be read: {error.java_exception.getMessage()}") from None
        except (protocol.Py4JError, TypeError):
            raise CrawlFailed(
                f"The JDBC driver {driver} is not installed: only PostgreSQL's is included, and Redshift's can be added"
                " with `glue-local doctor --fix --connectors redshift`."
            ) from None


@contextlib.contextmanager
def _jvm(machine: Machine) -> Iterator[Any]:
    try:
        command = java.find(machine.java_home).command
        folders = connector.class_path(machine.cache).split(os.pathsep)
        [jar] = glob.glob(str(connector.spark_jars() / "py4j-*.jar"))
    except Unmet as error:
        raise CrawlFailed(f"Crawling JDBC targets needs Java and the JDBC drivers: {error}") from None
    class_path = os.pathsep.join(str(Path(folder) / "*") for folder in folders)
    py4j = import_module("py4j.java_gateway")
    port, token, process = py4j.launch_gateway(
        jarpath=jar, classpath=class_path, java_path=command, die_on_exit=True, enable_auth=True, return_proc=True
    )
    gateway = py4j.JavaGateway(gateway_parameters=py4j.GatewayParameters(port=port, auth_token=token))
    try:
        yield gateway.jvm
    finally:
        gateway.shutdown()
        process.stdin.close()
        process.wait(_LONGEST_END)


def _read(jvm: Any, metadata: Any, names: tuple[str, str, str], check: Callable[[], None]) -> list[Relation]:
    catalog, schema, table = (name or None for name in names)
    columns: dict[tuple[str, str], list[Column]] = {}
    for row in _rows(metadata.getColumns(catalog, schema, table, None)):
        check()
        column = Column(
            row.getString("COLUMN_NAME"),
            row.getInt("DATA_TYPE"),
            row.getString("TYPE_NAME"),
            row.getInt("COLUMN_SIZE"),
            row.getInt("DECIMAL_DIGITS"),
            row.getString("REMARKS") or "",
        )
        columns.setdefault((row.getString("TABLE_SCHEM") or "", row.getString("TABLE_NAME")), []).append(column)
    found = []
    for row in _rows(metadata.getTables(catalog, schema, table, None)):
        key = (row.getString("TABLE_SCHEM") or "", row.getString("TABLE_NAME"))
        kind = row.getString("TABLE_TYPE")
        if kind in _KINDS and key in columns:
            found.append(Relation(*key, "VIEW" in kind, row.getString("REMARKS") or "", tuple(columns[key])))
    return found


def _rows(result: Any) -> Iterator[Any]:
    while result.next():
        yield result
