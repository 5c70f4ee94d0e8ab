"""Lexical processing of a query: find comments and quotes, bind parameters, classify the statement."""

import re
from collections.abc import Iterator, Mapping, Sequence

from glue_local.query.failure import QueryFailed
from glue_local.query.statement import Statement

_PIECES = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)|(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`)|(?P<parameter>\?)|(?P<other>[\w\s.]+|.)""",
    re.DOTALL,
)
_PREPARE = re.compile(r"PREPARE\s+(\w+)\s+FROM\s+(.+)", re.DOTALL | re.IGNORECASE)
_EXECUTE = re.compile(r"EXECUTE\s+(\w+)(?:\s+USING\s+(.+))?", re.DOTALL | re.IGNORECASE)
_EXECUTE_IMMEDIATE = re.compile(
    r"EXECUTE\s+IMMEDIATE\s+'((?:[^']|'')*)'(?:\s+USING\s+(.+))?", re.DOTALL | re.IGNORECASE
)
_DEALLOCATE = re.compile(r"DEALLOCATE\s+PREPARE\s+(\w+)", re.IGNORECASE)

# Athena's StatementType and SubstatementType by a statement's beginning. The first match counts.
_KINDS: tuple[tuple[str, str, str], ...] = (
    (r"(SELECT|WITH|VALUES|TABLE)\b|\(", "DML", "SELECT"),
    (r"INSERT", "DML", "INSERT"),
    (r"UPDATE", "DML", "UPDATE"),
    (r"DELETE", "DML", "DELETE"),
    (r"MERGE", "DML", "MERGE"),
    (r"UNLOAD", "DML", "UNLOAD"),
    (r"OPTIMIZE", "DML", "OPTIMIZE"),
    (r"VACUUM", "DML", "VACUUM"),
    (r"EXPLAIN", "UTILITY", "EXPLAIN"),
    (r"CREATE\s+TABLE\b.*\bAS\s*\(?\s*(SELECT|WITH|TABLE|VALUES)\b", "DDL", "CREATE_TABLE_AS_SELECT"),
    (r"CREATE\s+(OR\s+REPLACE\s+)?(PROTECTED\s+MULTI\s+DIALECT\s+)?VIEW", "DDL", "CREATE_VIEW"),
    (r"CREATE\s+(EXTERNAL\s+)?TABLE", "DDL", "CREATE_TABLE"),
    (r"PREPARE", "DDL", "PREPARE"),
    (r"DEALLOCATE", "DDL", "DEALLOCATE"),
    (r"(DESC|DESCRIBE)\b", "UTILITY", "DESCRIBE_TABLE"),
    (r"MSCK", "DDL", "MSCK_REPAIR"),
)


def pieces(sql: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of every piece; kinds are comment, quoted, parameter and other."""
    for found in _PIECES.finditer(sql):
        yield str(found.lastgroup), found[0]


def bare(sql: str) -> str:
    """Return the text without comments and surrounding whitespace."""
    return "".join(" " if kind == "comment" else text for kind, text in pieces(sql)).strip()


def classify(sql: str) -> Statement:
    """Return the statement with Athena's types."""
    text = bare(sql)
    for pattern, kind, substatement in _KINDS:
        if re.match(pattern if pattern.endswith(("\\b", "\\(")) else pattern + r"\b", text, re.DOTALL | re.IGNORECASE):
            return Statement(sql, kind, substatement)
    words = re.findall(r"[A-Za-z]+", text)[:2]
    kind = "UTILITY" if words and words[0].upper() == "SHOW" else "DDL"
    return Statement(sql, kind, "_".join(words).upper() or "UNKNOWN")


def bind(sql: str, parameters: Sequence[str]) -> str:
    """Return the statement with each ``?`` replaced by a parameter; raises QueryFailed if their numbers differ."""
    found = [*pieces(sql)]
    wanted = sum(kind == "parameter" for kind, _ in found)
    if wanted != len(parameters):
        raise QueryFailed(
            f"INVALID_PARAMETER_USAGE: line 1:1: Incorrect number of parameters: expected {wanted} but found {len(parameters)}",
            error_type=1100,
        )
    left = iter(parameters)
    return "".join(next(left) if kind == "parameter" else text for kind, text in found)


def bound(sql: str, parameters: Sequence[str], prepared: Mapping[str, str]) -> str:
    """Return the statement to run, with parameters bound: for EXECUTE, the prepared statement."""
    text = bare(sql)
    if immediate := _EXECUTE_IMMEDIATE.fullmatch(text):
        return bind(immediate[1].replace("''", "'"), _using(immediate[2]) or parameters)
    if execute := _EXECUTE.fullmatch(text):
        statement = prepared.get(execute[1])
        if statement is None:
            raise QueryFailed(f"NOT_FOUND: Prepared statement not found: {execute[1]}", error_type=1301)
        return bind(statement, _using(execute[2]) or parameters)
    # Without parameters a ? stays, so that the engine reports it with its position.
    return bind(sql, parameters) if parameters else sql


def to_prepare(sql: str) -> tuple[str, str] | None:
    """Return name and statement of a PREPARE."""
    found = _PREPARE.fullmatch(bare(sql))
    return (found[1], found[2]) if found else None


def to_deallocate(sql: str) -> str | None:
    """Return the name of a DEALLOCATE PREPARE."""
    found = _DEALLOCATE.fullmatch(bare(sql))
    return found[1] if found else None


def _using(text: str | None) -> list[str]:
    """Split ``1, 'a, b', date_add('day', 1, now())`` at commas outside parentheses."""
    values, depth = [""], 0
    for _, piece in pieces(text or ""):
        depth += (piece in "([") - (piece in ")]") if len(piece) == 1 else 0
        if piece == "," and depth == 0:
            values.append("")
        else:
            values[-1] += piece
    return [value.strip() for value in values] if text else []
