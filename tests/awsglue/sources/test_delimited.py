"""CSV files with unusual headers and rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from awsglue.sources.delimited import unique_names

HEADER = {"withHeader": True}


@pytest.fixture
def read(glue_context: Any, tmp_path: Path) -> Callable[..., Any]:
    def read(*texts: str, options: Any = None) -> Any:
        for place, text in enumerate(texts):
            (tmp_path / f"{place}.csv").write_text(text)
        return glue_context.create_dynamic_frame.from_options(
            "s3", {"paths": [str(tmp_path)]}, "csv", options or HEADER
        )

    return read


def test_a_header_with_an_empty_or_repeated_name(read: Any, rows: Any) -> None:
    assert rows(read("id,name,\n1,a,\n2,b,x\n")) == [
        {"id": "1", "name": "a", "col2": None},
        {"id": "2", "name": "b", "col2": "x"},
    ]
    assert rows(read("x,x,y\n1,2,3\n")) == [{"x": "1", "col1": "2", "y": "3"}]
    assert unique_names(["a", "", "a", "A"]) == ["a", "col1", "col2", "A"]


def test_files_with_different_headers_are_the_union_of_their_fields(read: Any, rows: Any) -> None:
    assert rows(read("x,y\n1,2\n", "z,x\n3,4\n", "")) == [
        {"x": "1", "y": "2", "z": None},
        {"x": "4", "y": None, "z": "3"},
    ]


def test_a_row_with_more_values_than_columns_is_an_error_record(read: Any, rows: Any) -> None:
    frame = read("x,y\n1,2\n3,4,5\n6\n")
    assert frame.count() == 2
    assert rows(frame) == [{"x": "1", "y": "2"}, {"x": "6", "y": None}]
    assert frame.errorsCount() == 1
    error = frame.errorsAsDynamicFrame().toDF().head()["error"]
    assert (error["msg"], error["input"]) == ("the row has more values than the 2 columns", "3,4,5")


def test_without_a_header_the_widest_first_line_determines_the_columns(read: Any, rows: Any) -> None:
    assert rows(read("1\n", "2,3\n", options={"withHeader": False})) == [
        {"col0": "1", "col1": None},
        {"col0": "2", "col1": "3"},
    ]
