"""The text of Athena's results as Python values."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from glue_local.client.athena import Column
from glue_local.client.athena_values import records


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("boolean", "true", True),
        ("boolean", "false", False),
        ("tinyint", "-7", -7),
        ("bigint", "9223372036854775807", 2**63 - 1),
        ("double", "1.0E10", 1e10),
        ("float", "2.5", 2.5),
        ("decimal", "12345678901234567890.10", Decimal("12345678901234567890.10")),
        ("date", "2026-12-31", date(2026, 12, 31)),
        ("time", "23:59:58.123", time(23, 59, 58, 123000)),
        ("timestamp", "2026-12-31 23:00:00.000", datetime.fromisoformat("2026-12-31T23:00:00")),
        ("timestamp", "2026-12-31 23:00:00.123456789", datetime.fromisoformat("2026-12-31T23:00:00.123456")),
        ("timestamp", "2026-12-31 23:00:00", datetime.fromisoformat("2026-12-31T23:00:00")),
        ("timestamp with time zone", "2026-07-01 12:00:00.500 UTC", datetime(2026, 7, 1, 12, 0, 0, 500000, timezone.utc)),
        ("timestamp with time zone", "2026-07-01 12:00:00.0 +02:00", datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))),
        ("timestamp with time zone", "2026-07-01 12:00:00.0 Europe/Brussels", datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Brussels"))),
        ("varbinary", "68 65 6c", b"hel"),
        ("varchar", "", ""),
        ("array", "[1, 2]", "[1, 2]"),
        ("json", '{"a": 1}', '{"a": 1}'),
    ],
)  # fmt: skip
def test_values(type_: str, text: str, value: Any) -> None:
    (record,) = records([Column("x", type_)], [[text]])
    assert record == {"x": value}
    assert type(record["x"]) is type(value)
    assert list(records([Column("x", type_)], [[None]])) == [{"x": None}]


def test_rows_with_missing_values_at_their_end_are_filled() -> None:
    columns = [Column("a", "integer"), Column("b", "varchar")]
    assert list(records(columns, [["1"], ["2", "x"]])) == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]
