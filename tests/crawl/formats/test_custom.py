"""Custom classifiers, by https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html."""

import json
from itertools import count
from typing import Any

import pytest

from tests.crawl.conftest import Lake, columns

_NUMBERS = count()


def classifier(lake: Lake, kind: str, **members: Any) -> str:
    """Create a classifier and return its name."""
    name = f"classifier-{next(_NUMBERS)}"
    lake.glue.create_classifier(**{f"{kind}Classifier": {"Name": name, **members}})
    return name


def test_grok_columns_have_their_data_types(lake: Lake) -> None:
    pattern, custom = "%{WORD:level} %{CODE:code:int} %{GREEDYDATA:message}", "CODE [0-9]{3}"
    name = classifier(lake, "Grok", Classification="my-logs", GrokPattern=pattern, CustomPatterns=custom)
    lake.put({"data/a.log": "INFO 200 all is well\nWARN 404 not, here\n"})
    lake.crawl(Classifiers=[name])
    table = lake.table()
    assert columns(table) == {"level": "string", "code": "int", "message": "string"}
    assert table["Parameters"]["classification"] == "my-logs"
    assert table["Parameters"]["recordCount"] == "2"
    assert table["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "com.amazonaws.glue.serde.GrokSerDe",
        "Parameters": {"input.format": pattern, "input.grokCustomPatterns": custom},
    }


def test_the_json_path_selects_the_records_of_an_array(lake: Lake) -> None:
    areas = [{"type": "constituency", "id": "ak"}, {"type": "constituency", "id": "al", "name": "Alabama"}]
    lake.put({"data/a.json": json.dumps(areas, indent=1)})
    lake.crawl(Classifiers=[classifier(lake, "Json", JsonPath="$[*]")])
    table = lake.table()
    assert columns(table) == {"type": "string", "id": "string", "name": "string"}
    assert (table["Parameters"]["classification"], table["Parameters"]["jsonPath"]) == ("json", "$[*]")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.id", {"record": "string"}),
        ("$.identifiers[*].identifier", {"record": "string"}),
        ("$.other_names[*]", {"lang": "string", "name": "string"}),
    ],
)
def test_parts_of_a_file_by_json_path(lake: Lake, path: str, expected: dict[str, str]) -> None:
    documents = [
        {"type": "constituency", "id": "ak"},
        {
            "type": "constituency",
            "identifiers": [{"scheme": "dmoz", "identifier": "Regional"}],
            "other_names": [{"lang": "en", "name": "Alaska"}],
            "id": "al",
        },
    ]
    lake.put({"data/areas.json": "\n".join(map(json.dumps, documents))})
    lake.crawl(Classifiers=[classifier(lake, "Json", JsonPath=path)])
    assert columns(lake.table()) == expected


XML = """<?xml version="1.0"?>
<catalog>
   <book id="bk101">
     <AnyCompany>
       <author>Rivera, Martha</author>
       <title>AnyCompany Developer Guide</title>
     </AnyCompany>
   </book>
   <book id="bk102">
     <AnyCompany>
       <author>Stiles, John</author>
       <title>Style Guide for AnyCompany</title>
     </AnyCompany>
   </book>
</catalog>
"""


def test_the_row_tag_of_awss_example(lake: Lake) -> None:
    lake.put({"data/catalog.xml": XML})
    lake.crawl(Classifiers=[classifier(lake, "XML", Classification="books", RowTag="AnyCompany")])
    table = lake.table()
    assert columns(table) == {"author": "string", "title": "string"}
    assert table["Parameters"]["classification"] == "books"
    assert table["Parameters"]["recordCount"] == "2"
    assert table["StorageDescriptor"]["SerdeInfo"] == {"Parameters": {"rowTag": "AnyCompany"}}


def test_self_closing_elements_are_no_rows(lake: Lake) -> None:
    lake.put({"data/a.xml": '<rows><row att1="xx" att2="yy"/></rows>', "more/b.xml": '<rows><row a="1"> </row></rows>'})
    name = classifier(lake, "XML", Classification="xml", RowTag="row")
    lake.crawl("data/", Classifiers=[name])
    lake.crawl("more/", Classifiers=[name])
    tables = lake.tables()
    assert tables["data"]["Parameters"]["classification"] == "UNKNOWN"
    assert columns(tables["more"]) == {"_a": "bigint"}


def test_a_csv_header_that_the_built_in_classifier_does_not_see(lake: Lake) -> None:
    lake.put({"data/a.csv": "name;city\nann;oslo\nbob;rome\n"})
    lake.crawl(Classifiers=[classifier(lake, "Csv", Delimiter=";", ContainsHeader="PRESENT")])
    table = lake.table()
    assert columns(table) == {"name": "string", "city": "string"}
    assert table["Parameters"]["skip.header.line.count"] == "1"


def test_csv_names_types_quotes_and_serde(lake: Lake) -> None:
    name = classifier(
        lake,
        "Csv",
        Delimiter=",",
        QuoteSymbol="'",
        ContainsHeader="ABSENT",
        Header=["Id", "Text", "Seen"],
        CustomDatatypeConfigured=True,
        CustomDatatypes=["LONG", "string", "TIMESTAMP"],
    )
    lake.put({"data/a.csv": "1,'a, b',2026-11-01 00:00:00\n2,'c',2026-11-02 00:00:00\n"})
    lake.crawl(Classifiers=[name])
    table = lake.table()
    assert columns(table) == {"id": "bigint", "text": "string", "seen": "timestamp"}
    assert table["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
        "Parameters": {"separatorChar": ",", "quoteChar": "'", "escapeChar": "\\"},
    }


def test_a_quote_is_no_delimiter(lake: Lake) -> None:
    lake.put({"data/a.csv": ";a;|1\n;b;|2\n"})
    lake.crawl(Classifiers=[classifier(lake, "Csv", QuoteSymbol=";", ContainsHeader="ABSENT")])
    table = lake.table()
    assert columns(table) == {"col0": "string", "col1": "bigint"}
    assert table["StorageDescriptor"]["SerdeInfo"]["Parameters"]["separatorChar"] == "|"


def test_csv_with_another_number_of_columns_than_its_header_is_left_to_the_next_classifier(lake: Lake) -> None:
    lake.put({"data/a.csv": "1,2,3\n4,5,6\n"})
    two = classifier(lake, "Csv", Delimiter=",", Header=["a", "b"])
    three = classifier(
        lake, "Csv", Delimiter=",", ContainsHeader="ABSENT", Header=["x", "y", "z"], Serde="LazySimpleSerDe"
    )
    lake.crawl(Classifiers=[two, three])
    assert list(columns(lake.table())) == ["x", "y", "z"]


def test_a_single_column_and_values_that_are_not_trimmed(lake: Lake) -> None:
    lake.put({"data/a.csv": "id\n1\n 2\n"})
    options = {"Delimiter": ",", "ContainsHeader": "PRESENT", "AllowSingleColumn": True}
    lake.crawl(Classifiers=[classifier(lake, "Csv", **options)])
    assert columns(lake.table()) == {"id": "string"}
    lake.crawl(Classifiers=[classifier(lake, "Csv", **options, DisableValueTrimming=False)])
    assert columns(lake.table()) == {"id": "bigint"}


def test_the_first_certain_classifier_wins(lake: Lake) -> None:
    lake.put({"data/a.log": "A 1\nB 2\n"})
    first = classifier(lake, "Grok", Classification="first", GrokPattern="%{WORD:a} %{INT:b}")
    second = classifier(lake, "Grok", Classification="second", GrokPattern="%{GREEDYDATA:all}")
    lake.crawl(Classifiers=[first, second])
    assert lake.table()["Parameters"]["classification"] == "first"


def test_a_certain_built_in_classifier_wins_over_an_uncertain_custom_one(lake: Lake) -> None:
    # https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html
    half = classifier(lake, "Grok", Classification="half", GrokPattern="A,%{INT:b}")
    lake.put({"data/a.csv": "A,1\nB,2\n", "text/a.log": "A,1\nno comma\n"})
    lake.crawl("data/", Classifiers=[half])
    lake.crawl("text/", Classifiers=[half])
    tables = lake.tables()
    assert tables["data"]["Parameters"]["classification"] == "csv"
    assert tables["text"]["Parameters"]["classification"] == "half"


def test_a_classifier_that_was_deleted_fails_the_crawl(lake: Lake) -> None:
    name = classifier(lake, "Json", JsonPath="$")
    lake.put({"data/a.json": '{"a": 1}\n'})
    crawler = lake.create(Classifiers=[name])
    lake.glue.delete_classifier(Name=name)
    last = lake.run(crawler)["LastCrawl"]
    assert last["Status"] == "FAILED"
    assert f"Classifier with name {name} does not exist" in last["ErrorMessage"]
    assert lake.tables() == {}


def test_a_changed_classifier_is_used_by_the_next_crawl(lake: Lake) -> None:
    name = classifier(lake, "Json", JsonPath="$")
    lake.put({"data/a.json": '{"a": {"b": 1}}\n'})
    crawler = lake.crawl(Classifiers=[name])
    assert columns(lake.table()) == {"a": "struct<b:int>"}
    lake.glue.update_classifier(JsonClassifier={"Name": name, "JsonPath": "$.a"})
    lake.crawl_again(crawler)
    assert columns(lake.table()) == {"b": "int"}


def test_a_pattern_that_never_ends_does_not_stop_the_crawl(lake: Lake) -> None:
    lake.put({"data/a.log": ("a" * 40 + "!\n") * 50})
    name = classifier(lake, "Grok", Classification="slow", GrokPattern="%{SLOW:a}", CustomPatterns="SLOW (?:(a|aa)+)+$")
    lake.crawl(Classifiers=[name])
    assert lake.table()["Parameters"]["classification"] == "UNKNOWN"
