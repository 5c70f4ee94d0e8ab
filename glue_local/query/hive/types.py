"""Column types in the spelling of Hive and the catalog, and in Trino's for Iceberg tables."""

from sqlglot import exp
from sqlglot.errors import ParseError

from glue_local.query.hive.dialects import HiveStatements, TrinoStatements

_PLAIN = {
    exp.DType.BOOLEAN: "boolean",
    exp.DType.TINYINT: "tinyint",
    exp.DType.SMALLINT: "smallint",
    exp.DType.INT: "int",
    exp.DType.BIGINT: "bigint",
    exp.DType.FLOAT: "float",
    exp.DType.DOUBLE: "double",
    exp.DType.TEXT: "string",
    exp.DType.BINARY: "binary",
    exp.DType.DATE: "date",
    exp.DType.TIMESTAMP: "timestamp",
}
_SIZED = {exp.DType.CHAR: "char", exp.DType.VARCHAR: "varchar"}


class UnknownType(ValueError):
    """A type that Athena's CREATE TABLE page does not list."""


def parse(text: str) -> exp.DataType:
    """Read a type in Hive's spelling. Raises UnknownType."""
    try:
        return exp.DataType.build(text, dialect=HiveStatements)
    except ParseError:
        raise UnknownType(text) from None


def hive(node: exp.DataType) -> str:
    """Return a type in the catalog's spelling: ``array<struct<x:int>>``, in lower case, without field comments."""
    kind, inner = node.this, node.expressions
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind is exp.DType.DECIMAL:
        given = [each.name for each in inner]
        return f"decimal({','.join([*given, *('10', '0')[len(given) :]])})"
    if kind in _SIZED and inner:
        return f"{_SIZED[kind]}({inner[0].name})"
    if kind is exp.DType.ARRAY and inner:
        return f"array<{hive(inner[0])}>"
    if kind is exp.DType.MAP and len(inner) == 2:
        return f"map<{hive(inner[0])},{hive(inner[1])}>"
    if kind is exp.DType.STRUCT and inner:
        return f"struct<{','.join(f'{field.name.lower()}:{hive(_kind(field))}' for field in inner)}>"
    raise UnknownType(node.sql(HiveStatements))


def trino(text: str) -> str:
    """Return a catalog type in the spelling of Trino's Iceberg connector: ``row(x integer)``, timestamps with six digits."""
    return parse(text).transform(_six_digits).sql(TrinoStatements).lower()


def of_trino(text: str) -> str | None:
    """Return a Trino type in Hive's spelling; None if Hive does not have it."""
    try:
        node = exp.DataType.build(text, dialect=TrinoStatements).transform(_string)
        return hive(node) if isinstance(node, exp.DataType) else None
    except (ParseError, UnknownType):
        return None


def _string(node: exp.Expr) -> exp.Expr:
    unbounded = isinstance(node, exp.DataType) and node.this is exp.DType.VARCHAR and not node.expressions
    return exp.DataType.build("string", dialect=HiveStatements) if unbounded else node


def _six_digits(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.DataType) and node.this is exp.DType.TIMESTAMP:
        return exp.DataType.build("timestamp(6)", dialect=TrinoStatements)
    return node


def _kind(field: exp.Expression) -> exp.DataType:
    kind = field.args.get("kind")
    if not isinstance(kind, exp.DataType):
        raise UnknownType(field.sql(HiveStatements))
    return kind
