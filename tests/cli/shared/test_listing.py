import io
import json
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from rich.console import Console

from glue_local.cli.shared.listing import cell, records, show, table

ROWS = [
    {"Name": "orders", "Where": f"s3://bucket/{'x' * 100}/", "Size": 5},
    {"Name": "roads", "Where": None, "Size": 1234},
]


def test_a_table_fits_80_columns_and_loses_nothing() -> None:
    out = io.StringIO()
    Console(file=out, width=80).print(table(ROWS, {"name": "Name", "#size": "Size", "where": "Where"}))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.count("x") for line in lines) == 100
    assert lines[-1].split() == ["roads", "1234"]


def test_a_row_is_a_line_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    show(ROWS, {"where": "Where", "name": "Name"}, False, "none")
    show([], {"name": "Name"}, False, "nothing here")
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 3
    assert captured.err == "nothing here\n"


def test_values_are_text_in_tables_and_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    values = [None, "a\nb", Decimal("1.50"), date(2026, 3, 2), b"\x01", [1, {"a": Decimal(2)}]]
    assert [cell(value) for value in values] == ["", "a b", "1.50", "2026-03-02", "01", '[1, {"a": "2"}]']
    records([{"at": datetime(2026, 3, 2, tzinfo=timezone.utc), "price": Decimal("1.50")}], True, "none")
    assert json.loads(capsys.readouterr().out) == [{"at": "2026-03-02T00:00:00+00:00", "price": "1.50"}]
