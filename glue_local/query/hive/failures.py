"""Failures with Hive's messages, which Athena returns."""

from glue_local.query.failure import QueryFailed

_TASK = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask."


def parse(line: int, column: int, problem: str) -> QueryFailed:
    """Return the failure of a text that is not a Hive statement; ``column`` counts from 0."""
    return QueryFailed(f"FAILED: ParseException line {line}:{column} {problem}")


def semantic(problem: str, number: int | None = None, *, error_type: int = 1100) -> QueryFailed:
    """Return the failure of a statement without a valid meaning; ``number`` is Hive's error number."""
    code = f" [Error {number}]:" if number else ""
    return QueryFailed(f"FAILED: SemanticException{code} {problem}", error_type=error_type)


def execution(problem: str) -> QueryFailed:
    """Return the failure of a statement that the catalog refused."""
    return QueryFailed(f"{_TASK} {problem}", error_type=1100)


def not_implemented(statement: str, reason: str) -> QueryFailed:
    """Return the failure of a statement that Athena supports and glue-local does not."""
    return QueryFailed(f"NotImplemented: {statement}: {reason}", error_type=1200)


def unsupported(statement: str) -> QueryFailed:
    """Return the failure of a statement that Athena refuses."""
    return QueryFailed(f"Queries of this type are not supported: {statement}", error_type=1200)


def table_not_found(database: str, table: str) -> QueryFailed:
    return semantic(f"Table not found {database}.{table}", 10001, error_type=1110)


def database_not_found(database: str) -> QueryFailed:
    return semantic(f"Database does not exist: {database}", 10072, error_type=1301)
