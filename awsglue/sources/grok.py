"""Log files parsed with Grok patterns: the format grokLog."""

import re
from collections.abc import Mapping
from typing import Any

from pyspark.sql import DataFrame, DataFrameReader
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from ..options import check
from .grok_patterns import PATTERNS

_REFERENCE = re.compile(r"%\{(\w+)(?::([\w.@-]+))?(?::\w+)?\}")
# A parenthesis in a class or after a backslash, as in [(] and \(, does not open a group.
_GROUPS = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<(?![=!])[^>]+>|\((?!\?))")
_NAMED = re.compile(r"\(\?<([^>]+)>")
_DEEPEST = 50


def read(reader: DataFrameReader, paths: list[str], options: Mapping[str, Any], keys: StructType) -> DataFrame:
    """Return a record of strings for every line that matches ``logFormat``; other lines are skipped.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-grokLog-home.html
    """
    check("grokLog", options, ("logFormat", "customPatterns", "MISSING", "StrictMode"))
    if not options.get("logFormat"):
        raise ValueError('format_options for grokLog must have "logFormat", a Grok pattern')
    regex, names = compiled(str(options["logFormat"]), str(options.get("customPatterns", "")))
    lines = reader.schema(StructType([StructField("value", StringType()), *keys.fields])).text(paths)
    missing = str(options.get("MISSING", "-"))
    value = F.col("value")
    fields = [_field(value, regex, place, missing).alias(name) for place, name in names.items()]
    return lines.where(value.rlike(regex)).select(*fields, *keys.names)


def _field(value: Any, regex: str, group: int, missing: str) -> Any:
    found = F.regexp_extract(value, regex, group)
    return F.when(found.isin(missing, ""), F.lit(None)).otherwise(found)


def compiled(pattern: str, custom: str = "") -> tuple[str, dict[int, str]]:
    """Convert a Grok pattern to a Java regular expression, and return the names of its groups by position.

    Raises ValueError if a pattern is undefined or refers to itself.
    """
    known = {**PATTERNS, **_defined(custom)}
    names: dict[int, str] = {}
    text = _expanded(pattern, known, 0)
    pieces, place = [], 0
    for piece in _GROUPS.split(text):
        named = _NAMED.fullmatch(piece)
        if named or piece == "(":
            place += 1
        if named:
            names[place] = named[1]
        pieces.append("(" if named else piece)
    if not names:
        raise ValueError(f"the Grok pattern {pattern!r} has no named field (%{{PATTERN:name}})")
    return "^" + "".join(pieces) + "$", names


def _expanded(text: str, known: Mapping[str, str], depth: int) -> str:
    if depth > _DEEPEST:
        raise ValueError("a Grok pattern refers to itself")

    def one(found: "re.Match[str]") -> str:
        if found[1] not in known:
            raise ValueError(f"undefined Grok pattern {found[1]}: define it in customPatterns")
        inner = _expanded(known[found[1]], known, depth + 1)
        return f"(?<{found[2]}>{inner})" if found[2] else f"(?:{inner})"

    return _REFERENCE.sub(one, text)


def _defined(custom: str) -> dict[str, str]:
    lines = (line.strip() for line in custom.splitlines())
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))
