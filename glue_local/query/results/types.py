"""Convert the engine's types to Athena's: ColumnInfo, and the text of values in a result."""

import base64
import re
from collections.abc import Callable
from typing import Any

from glue_local.query.statement import Column

Text = Callable[[Any], str]

_TOP = re.compile(r"^([a-z ]+?)(?:\((.*)\))?( with(?:out)? time zone| year to month| day to second)?$", re.DOTALL)
_PRECISION = {
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "double": 17,
    "float": 17,
    "varchar": 2147483647,
}
_NAMES = {"real": "float", "int": "integer", "string": "string"}


def column_info(column: Column) -> dict[str, Any]:
    """Return a column as GetQueryResults describes it."""
    name, arguments = split(column.type)
    shown = _NAMES.get(name, name)
    precision, scale = _PRECISION.get(shown, 0), 0
    if shown == "decimal":
        precision, scale = (int(each) for each in arguments)
    elif shown.startswith("time"):
        precision = int(arguments[0]) if arguments else 3
    elif shown in ("char", "varchar") and arguments:
        precision = int(arguments[0])
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": column.name,
        "Label": column.name,
        "Type": shown,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": shown in ("varchar", "char"),
    }


def split(name: str) -> tuple[str, list[str]]:
    """Split a type into its name and its arguments: ``map(varchar, row(a integer))`` → map, [varchar, row(a integer)]."""
    found = _TOP.match(name)
    if found is None:
        return name, []
    head, inner, tail = found.groups()
    return head + (tail or ""), _arguments(inner) if inner is not None else []


def text_of(name: str) -> Text:
    """Return a function that formats a type's values as Athena does. Null is ``null``, which only nested values show."""
    head, arguments = split(name)
    if head == "array":
        return _array(text_of(arguments[0]))
    if head == "map":
        return _map(text_of(arguments[1]))
    if head == "row":
        return _row([_field(each) for each in arguments])
    return _SCALARS.get(head, _plain)


def _arguments(inner: str) -> list[str]:
    """Split at commas outside parentheses and quotes."""
    found, depth, start, quoted = [], 0, 0, False
    for at, letter in enumerate(inner):
        quoted ^= letter == '"'
        if quoted:
            continue
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            found.append(inner[start:at].strip())
            start = at + 1
    return [*found, inner[start:].strip()]


def _field(argument: str) -> tuple[str, Text]:
    """Return the name and formatter of a row's field; an anonymous field only has a type."""
    named = re.match(r'^(?:"((?:[^"]|"")*)"|([A-Za-z_][\w$]*)) (?!with|year|day|precision)(.+)$', argument, re.DOTALL)
    if named is None:
        return "", text_of(argument)
    return (named[1] or "").replace('""', '"') or named[2] or "", text_of(named[3])


def _plain(value: Any) -> str:
    return value if type(value) is str else "null" if value is None else str(value)


def _boolean(value: Any) -> str:
    return "null" if value is None else "true" if value else "false"


def _varbinary(value: Any) -> str:
    return "null" if value is None else base64.b64decode(value).hex(" ")


def _array(element: Text) -> Text:
    return lambda value: "null" if value is None else f"[{', '.join(map(element, value))}]"


def _map(element: Text) -> Text:
    # Keys are members of a JSON object, so they are already text.
    def write(value: Any) -> str:
        if value is None:
            return "null"
        return "{" + ", ".join(f"{each}={element(value[each])}" for each in value) + "}"

    return write


def _row(fields: list[tuple[str, Text]]) -> Text:
    def write(value: Any) -> str:
        if value is None:
            return "null"
        # Trino and Athena name anonymous fields field0, field1 ….
        named = (
            f"{name or f'field{at}'}={text(each)}"
            for at, ((name, text), each) in enumerate(zip(fields, value, strict=True))
        )
        return "{" + ", ".join(named) + "}"

    return write


_SCALARS: dict[str, Text] = {"boolean": _boolean, "varbinary": _varbinary}
