"""AWS's rules for CSV: https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-builtin-rules"""

import pytest

from tests.crawl.conftest import Lake, columns


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,name\n1,x\n2,y\n", {"id": "bigint", "name": "string"}),
        ("Id;Price;Ok\n1;1.5;true\n", {"id": "bigint", "price": "double", "ok": "boolean"}),
        # All columns are text, so the first row is not sufficiently different from the others.
        ("first,last\nada,lovelace\n", {"col0": "string", "col1": "string"}),
        # A cell of the first row is a number.
        ("1,name\n2,x\n", {"col0": "bigint", "col1": "string"}),
        # A cell has 150 characters.
        (f"{'x' * 150},n,z\na,1,b\n", {"col0": "string", "col1": "string", "col2": "string"}),
        # A trailing delimiter.
        ("id,name,\n1,x,\n2,y,\n", {"id": "bigint", "name": "string", "col2": "string"}),
        # An empty cell has no type.
        ("id,name\n,x\n2,y\n", {"id": "bigint", "name": "string"}),
        ("id,n\n1,2\n2,2.5\n", {"id": "bigint", "n": "double"}),
    ],
)
def test_headers_and_types(lake: Lake, text: str, expected: dict[str, str]) -> None:
    lake.put({"data/a.csv": text})
    lake.crawl()
    table = lake.table()
    assert columns(table) == expected
    has_header = "col0" not in expected
    assert table["Parameters"].get("skip.header.line.count") == ("1" if has_header else None)
    assert table["Parameters"]["recordCount"] == str(len(text.splitlines()) - has_header)


@pytest.mark.parametrize("delimiter", [",", "|", "\t", ";", "\x01"])
def test_delimiters(lake: Lake, delimiter: str) -> None:
    rows = [("id", "name"), ("1", '"a"'), ("2", '"b"')]
    lake.put({"data/a.csv": "".join(delimiter.join(row) + "\n" for row in rows)})
    lake.crawl()
    table = lake.table()
    assert columns(table) == {"id": "bigint", "name": "string"}
    assert table["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"field.delim": delimiter},
    }
    parameters = table["Parameters"]
    assert (parameters["classification"], parameters["delimiter"], parameters["columnsOrdered"]) == (
        "csv",
        delimiter,
        "true",
    )


def test_quoted_columns(lake: Lake) -> None:
    lake.put({"data/a.csv": '"id","text"\n"1","a, b"\n"2","c\nd"\n'})
    lake.crawl()
    table = lake.table()
    assert columns(table) == {"id": "bigint", "text": "string"}
    assert table["Parameters"]["areColumnsQuoted"] == "true"
