"""Column statistics through boto3: every type, errors per column, deletion with their table or partition."""

from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import ClientError

NOON = datetime(2026, 6, 8, 12, tzinfo=timezone.utc)
COUNTS = {"NumberOfNulls": 1, "NumberOfDistinctValues": 7}
DATA = {
    "boolean": {"BooleanColumnStatisticsData": {"NumberOfTrues": 3, "NumberOfFalses": 4, "NumberOfNulls": 0}},
    "date": {"DateColumnStatisticsData": {"MinimumValue": NOON, "MaximumValue": NOON, **COUNTS}},
    "decimal": {
        "DecimalColumnStatisticsData": {
            "MinimumValue": {"UnscaledValue": (-12345).to_bytes(3, "big", signed=True), "Scale": 2},
            "MaximumValue": {"UnscaledValue": b"\x01", "Scale": -3},
            **COUNTS,
        }
    },
    "double": {"DoubleColumnStatisticsData": {"MinimumValue": -0.5, "MaximumValue": 1e300, **COUNTS}},
    "long": {"LongColumnStatisticsData": {"MinimumValue": -(2**63), "MaximumValue": 2**63 - 1, **COUNTS}},
    "string": {"StringColumnStatisticsData": {"MaximumLength": 9, "AverageLength": 2.5, **COUNTS}},
    "binary": {"BinaryColumnStatisticsData": {"MaximumLength": 9, "AverageLength": 9.0, "NumberOfNulls": 0}},
}
TABLE = {"DatabaseName": "db", "TableName": "t"}


@pytest.fixture
def glue(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    """A Glue client for the test's own account, with a table that has a column of each type and a partition for day 1."""
    client = aws("glue", account=f"{crc32(request.node.name.encode()):012d}")
    client.create_database(DatabaseInput={"Name": "db"})
    client.create_table(DatabaseName="db", TableInput=_table())
    client.create_partition(**TABLE, PartitionInput={"Values": ["1"]})
    return client


def _table() -> dict[str, Any]:
    columns = [{"Name": name, "Type": name} for name in DATA]
    keys = [{"Name": "day", "Type": "string"}]
    return {"Name": "t", "StorageDescriptor": {"Columns": columns}, "PartitionKeys": keys}


def _statistics(name: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    found = {"Type": name.upper(), **(data or DATA[name.lower()])}
    return {"ColumnName": name, "ColumnType": name.lower(), "AnalyzedTime": NOON, "StatisticsData": found}


def _update(glue: Any, *statistics: dict[str, Any], **partition: list[str]) -> list[Any]:
    update = getattr(glue, f"update_column_statistics_for_{'partition' if partition else 'table'}")
    errors: list[Any] = update(**TABLE, **partition, ColumnStatisticsList=list(statistics))["Errors"]
    return errors


def _read(glue: Any, *names: str, **partition: list[str]) -> tuple[list[Any], list[tuple[str, str]]]:
    get = getattr(glue, f"get_column_statistics_for_{'partition' if partition else 'table'}")
    answer = get(**TABLE, **partition, ColumnNames=list(names))
    missing = [(error["ColumnName"], error["Error"]["ErrorCode"]) for error in answer["Errors"]]
    return answer["ColumnStatisticsList"], missing


@pytest.mark.parametrize("partition", [{}, {"PartitionValues": ["1"]}], ids=["table", "partition"])
def test_statistics_of_every_type_are_returned_unchanged(glue: Any, partition: dict[str, Any]) -> None:
    assert _read(glue, *DATA, **partition) == ([], [(name, "EntityNotFoundException") for name in DATA])
    given = [_statistics(name) for name in DATA]
    assert _update(glue, *given, **partition) == []
    assert _read(glue, *DATA, **partition) == (given, [])


def test_a_table_and_its_partitions_have_separate_statistics(glue: Any) -> None:
    glue.create_partition(**TABLE, PartitionInput={"Values": ["11"]})
    assert _update(glue, _statistics("long"), PartitionValues=["1"]) == []
    missing = ([], [("long", "EntityNotFoundException")])
    assert _read(glue, "long") == _read(glue, "long", PartitionValues=["11"]) == missing
    glue.delete_column_statistics_for_table(**TABLE, ColumnName="long")
    assert _read(glue, "long", PartitionValues=["1"]) == ([_statistics("long")], [])


def test_statistics_are_replaced_and_deleted_by_case_insensitive_name(glue: Any) -> None:
    assert _update(glue, _statistics("string"), _statistics("long")) == []
    shorter = {"StringColumnStatisticsData": {"MaximumLength": 1, "AverageLength": 1.0, **COUNTS}}
    assert _update(glue, _statistics("String", shorter)) == []
    assert _read(glue, "STRING") == ([_statistics("string", shorter)], [])
    for _ in range(2):  # deleting missing statistics succeeds
        glue.delete_column_statistics_for_table(**TABLE, ColumnName="String")
    assert _read(glue, "string", "long") == ([_statistics("long")], [("string", "EntityNotFoundException")])


def test_invalid_columns_are_refused_individually(glue: Any) -> None:
    low, high = (_decimal(text) for text in ("1.5", "100"))
    refused = [
        ({**_statistics("long"), "ColumnName": "none"}, "EntityNotFoundException"),
        (_statistics("long", DATA["double"]), "InvalidInputException"),
        (_statistics("long", {}) | {"StatisticsData": {"Type": "LONG"}}, "InvalidInputException"),
        (_statistics("long", {**DATA["long"], **DATA["double"]}), "InvalidInputException"),
        (_extremes("long", 2, 1), "InvalidInputException"),
        (_extremes("double", 0.5, 0.25), "InvalidInputException"),
        (_extremes("decimal", high, low), "InvalidInputException"),
        (_extremes("date", NOON, datetime(1969, 1, 1, tzinfo=timezone.utc)), "InvalidInputException"),
        (
            _statistics("string", {"StringColumnStatisticsData": {"MaximumLength": 1, "AverageLength": 2.0, **COUNTS}}),
            "InvalidInputException",
        ),
    ]
    errors = _update(glue, *(statistics for statistics, _ in refused), _extremes("decimal", low, high))
    assert [error["Error"]["ErrorCode"] for error in errors] == [code for _, code in refused]
    assert [error["ColumnStatistics"]["ColumnName"] for error in errors] == [
        statistics["ColumnName"] for statistics, _ in refused
    ]
    found, _ = _read(glue, "long", "double", "decimal", "date", "string")
    assert found == [_extremes("decimal", low, high)]


def _extremes(name: str, least: Any, most: Any) -> dict[str, Any]:
    member = f"{name.capitalize()}ColumnStatisticsData"
    return _statistics(name, {member: {"MinimumValue": least, "MaximumValue": most, **COUNTS}})


def _decimal(text: str) -> dict[str, Any]:
    number = Decimal(text)
    scale = -int(number.as_tuple().exponent)
    return {"UnscaledValue": int(number.scaleb(scale)).to_bytes(4, "big", signed=True), "Scale": scale}


def test_statistics_are_moved_and_deleted_with_their_partition(glue: Any) -> None:
    assert _update(glue, _statistics("long"), PartitionValues=["1"]) == []
    glue.update_partition(**TABLE, PartitionValueList=["1"], PartitionInput={"Values": ["2"]})
    assert _read(glue, "long", PartitionValues=["2"]) == ([_statistics("long")], [])
    glue.create_partition(**TABLE, PartitionInput={"Values": ["1"]})
    missing = ([], [("long", "EntityNotFoundException")])
    assert _read(glue, "long", PartitionValues=["1"]) == missing
    glue.delete_partition(**TABLE, PartitionValues=["2"])
    glue.create_partition(**TABLE, PartitionInput={"Values": ["2"]})
    assert _read(glue, "long", PartitionValues=["2"]) == missing


@pytest.mark.parametrize("whole", ["table", "database"])
def test_statistics_are_deleted_with_their_table_and_database(glue: Any, whole: str) -> None:
    _update(glue, _statistics("long"))
    _update(glue, _statistics("long"), PartitionValues=["1"])
    if whole == "table":
        glue.delete_table(DatabaseName="db", Name="t")
    else:
        glue.delete_database(Name="db")
        glue.create_database(DatabaseInput={"Name": "db"})
    glue.create_table(DatabaseName="db", TableInput=_table())
    glue.create_partition(**TABLE, PartitionInput={"Values": ["1"]})
    missing = ([], [("long", "EntityNotFoundException")])
    assert _read(glue, "long") == _read(glue, "long", PartitionValues=["1"]) == missing


def test_statistics_survive_an_update_of_their_table(glue: Any) -> None:
    _update(glue, _statistics("long"))
    glue.update_table(DatabaseName="db", TableInput={**_table(), "Description": "changed"})
    assert _read(glue, "long") == ([_statistics("long")], [])


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"DatabaseName": "no", "TableName": "t"}, "Database no not found."),
        ({"DatabaseName": "db", "TableName": "no"}, "Table no not found."),
        ({**TABLE, "PartitionValues": ["9"]}, "Cannot find partition."),
    ],
)
def test_missing_resources_are_named(glue: Any, request_: dict[str, Any], message: str) -> None:
    kind = "partition" if "PartitionValues" in request_ else "table"
    for call, more in (("get", {"ColumnNames": ["c"]}), ("update", {"ColumnStatisticsList": []})):
        with pytest.raises(ClientError) as caught:
            getattr(glue, f"{call}_column_statistics_for_{kind}")(**request_, **more)
        error = caught.value.response["Error"]
        assert (error["Code"], error["Message"]) == ("EntityNotFoundException", message)
    with pytest.raises(ClientError, match=message):
        getattr(glue, f"delete_column_statistics_for_{kind}")(**request_, ColumnName="c")
