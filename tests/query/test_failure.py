"""The engine's errors with Athena's messages and categories."""

import pytest

from glue_local.query.failure import Cancelled, of_engine


@pytest.mark.parametrize(
    ("name", "kind", "category", "error_type"),
    [
        ("SYNTAX_ERROR", "USER_ERROR", 2, 1006),
        ("TABLE_NOT_FOUND", "USER_ERROR", 2, 1110),
        ("HIVE_BAD_DATA", "EXTERNAL", 3, 1001),
        ("GENERIC_INTERNAL_ERROR", "INTERNAL_ERROR", 1, 200),
        ("ICEBERG_COMMIT_ERROR", "EXTERNAL", 3, 233),
        ("SOMETHING_NEW", "USER_ERROR", 2, 1000),
    ],
)
def test_an_error_keeps_its_name_position_and_category(name: str, kind: str, category: int, error_type: int) -> None:
    failure = of_engine({"errorName": name, "errorType": kind, "message": "line 1:8: reason"})
    assert failure.message == f"{name}: line 1:8: reason"
    assert (failure.category, failure.error_type) == (category, error_type)


def test_a_missing_column_has_athenas_ending() -> None:
    failure = of_engine(
        {
            "errorName": "COLUMN_NOT_FOUND",
            "errorType": "USER_ERROR",
            "message": "line 1:8: Column 'a' cannot be resolved",
        }
    )
    assert failure.message.endswith("cannot be resolved or requester is not authorized to access requested resources")


@pytest.mark.parametrize("name", ["awsdatacatalog_111122223333_eu_west_1", "awsdatacatalog_iceberg", "awsdatacatalog"])
def test_names_of_the_engines_catalogs_are_hidden(name: str) -> None:
    message = f"line 1:15: Table '{name}.db.t' does not exist"
    failure = of_engine({"errorName": "TABLE_NOT_FOUND", "errorType": "USER_ERROR", "message": message})
    assert "'awsdatacatalog.db.t'" in failure.message


def test_limits_have_athenas_messages() -> None:
    def of(name: str) -> str:
        return of_engine({"errorName": name, "errorType": "INSUFFICIENT_RESOURCES", "message": "m"}).message

    assert of("EXCEEDED_TIME_LIMIT") == "Query timeout"
    assert of("EXCEEDED_LOCAL_MEMORY_LIMIT").startswith("Query exhausted resources at this scale factor")
    assert of("EXCEEDED_SCAN_LIMIT") == "Bytes scanned limit was exceeded"
    scan = {"errorName": "EXCEEDED_SCAN_LIMIT", "errorType": "INSUFFICIENT_RESOURCES", "message": "m"}
    assert isinstance(of_engine(scan), Cancelled)
