"""Tables of databases that a connection of the Data Catalog reaches by JDBC.

https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from glue_local.crawl.exclusions import matcher
from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.targets.jdbc_driver import Column, Relation, relations
from glue_local.crawl.targets.tables import Table, table_input
from glue_local.settings import Machine

# jdbc:vendor://host:port/database?more
_URL = re.compile(
    r"(?P<server>jdbc:(?P<vendor>\w+):[^/]*//[^/;?]+)(?:/(?P<database>[^?;]*))?(?P<more>[?;].*)?", re.DOTALL
)
_VENDORS = ("postgresql", "redshift")
_SYSTEM_SCHEMAS = ("information_schema", "pg_catalog", "pg_toast")
# Numbers of java.sql.Types.
_TYPES = {
    -7: "boolean",
    16: "boolean",
    -6: "tinyint",
    5: "smallint",
    4: "int",
    -5: "bigint",
    7: "float",
    6: "double",
    8: "double",
    91: "date",
    93: "timestamp",
    2014: "timestamp",
    -2: "binary",
    -3: "binary",
    -4: "binary",
    2004: "binary",
}
_DECIMALS = (2, 3)
_LARGEST_PRECISION = 38
_DEFAULT_SCALE = 18


@dataclass(frozen=True)
class Databases:
    """What a crawl of databases needs: clients, the prefix of tables, and where Java and the drivers are."""

    client: Callable[[str], Any]
    prefix: str
    machine: Machine
    check: Callable[[], None]

    def tables(self, target: Mapping[str, Any]) -> Iterator[Table]:
        """Yield the tables of a JdbcTarget. Raises CrawlFailed."""
        name = target["ConnectionName"]
        glue = self.client("glue")
        connection = glue.get_connection(Name=name, HidePassword=False)["Connection"]
        properties = connection.get("ConnectionProperties", {})
        found = _URL.fullmatch(properties.get("JDBC_CONNECTION_URL", ""))
        if found is None:
            raise CrawlFailed(
                f"Connection {name} has no JDBC_CONNECTION_URL like jdbc:postgresql://host:port/database."
            )
        if found["vendor"] not in _VENDORS:
            raise CrawlFailed(
                f"glue-local crawls only PostgreSQL and Amazon Redshift by JDBC yet, not {found['vendor']} (connection {name})."
            )
        database, schema, table = _pattern(target["Path"])
        where = {"url": f"{found['server']}/{database}{found['more'] or ''}", **self._login(properties)}
        excluded = matcher(target.get("Exclusions", []))
        for one in relations(self.machine, found["vendor"], where, (database, schema, table), self.check):
            path = f"{one.schema}/{one.name}" if one.schema else one.name
            if one.schema.lower() not in _SYSTEM_SCHEMAS and not excluded(one.name) and not excluded(path):
                yield self._table(name, found["vendor"], database, one, target.get("EnableAdditionalMetadata", []))

    def _table(self, connection: str, vendor: str, database: str, one: Relation, metadata: list[str]) -> Table:
        parts = [part for part in (database, one.schema, one.name) if part]
        name = re.sub(r"[^a-z0-9_]", "_", f"{self.prefix}{'_'.join(parts)}".lower())
        comment = {"aws:RawTableComment": one.comment} if one.comment and "COMMENTS" in metadata else {}
        parameters = {
            "CrawlerSchemaSerializerVersion": "1.0",
            "CrawlerSchemaDeserializerVersion": "1.0",
            "classification": vendor,
            "compressionType": "none",
            "connectionName": connection,
            "typeOfData": "view" if one.is_view else "table",
            **comment,
        }
        columns = [_column(column, metadata) for column in one.columns]
        return Table(table_input(name, ".".join(parts), columns, parameters=parameters, SerdeInfo={}))

    def _login(self, properties: Mapping[str, str]) -> dict[str, str]:
        if properties.get("SECRET_ID"):
            secrets = self.client("secretsmanager")
            try:
                secret = json.loads(secrets.get_secret_value(SecretId=properties["SECRET_ID"])["SecretString"])
                return {"user": str(secret["username"]), "password": str(secret["password"])}
            except (ValueError, KeyError, TypeError):
                raise CrawlFailed(f"The secret {properties['SECRET_ID']} has no username and password.") from None
        return {"user": properties.get("USERNAME", ""), "password": properties.get("PASSWORD", "")}


def _pattern(path: str) -> tuple[str, str, str]:
    """Return the database, and LIKE patterns of the schema and the table, of an include path."""
    database, *rest = path.strip("/").split("/")
    if len(rest) > 2 or not database or "%" in database:
        raise CrawlFailed(
            f"The include path {path} is not valid: use database/schema/table, with % for a schema or a table."
        )
    schema, table = [*rest, "%", "%"][:2]
    # Only % is a wildcard of include paths, but _ is one of LIKE.
    return database, schema.replace("_", "\\_"), table.replace("_", "\\_")


def _column(column: Column, metadata: list[str]) -> dict[str, Any]:
    raw = {"aws:RawType": column.type} if "RAWTYPES" in metadata else {}
    comment = {"aws:RawColumnComment": column.comment} if column.comment and "COMMENTS" in metadata else {}
    parameters = {"Parameters": {**raw, **comment}} if raw or comment else {}
    return {"Name": column.name.lower(), "Type": _type(column), **parameters}


def _type(column: Column) -> str:
    if column.number in _DECIMALS:
        # PostgreSQL has a numeric without precision.
        if not 0 < column.size <= _LARGEST_PRECISION:
            return f"decimal({_LARGEST_PRECISION},{_DEFAULT_SCALE})"
        return f"decimal({column.size},{max(column.scale, 0)})"
    return _TYPES.get(column.number, "string")
