"""The definitions of classifiers."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

_NUMBERS = count(500)
TARGETS = {"S3Targets": [{"Path": "s3://lake/data/"}]}
GROK = {"Name": "g", "Classification": "my-logs", "GrokPattern": "%{WORD:level} %{GREEDYDATA:message}"}


@pytest.fixture
def glue(aws: Callable[..., Any]) -> Any:
    return aws("glue", f"{next(_NUMBERS):012d}")


@pytest.mark.parametrize(
    ("kind", "definition"),
    [
        ("GrokClassifier", GROK),
        ("XMLClassifier", {"Name": "x", "Classification": "xml", "RowTag": "AnyCompany"}),
        ("JsonClassifier", {"Name": "j", "JsonPath": "$.a['b'][*].c[0]"}),
        ("CsvClassifier", {"Name": "c", "Delimiter": ";", "QuoteSymbol": "'", "Header": ["a", "b"]}),
    ],
)
def test_each_kind_is_created_changed_and_deleted(glue: Any, kind: str, definition: dict[str, Any]) -> None:
    glue.create_classifier(**{kind: definition})
    found = glue.get_classifier(Name=definition["Name"])["Classifier"][kind]
    assert found.pop("CreationTime") == found.pop("LastUpdated")
    assert found == {**definition, "Version": 1}
    glue.update_classifier(**{kind: {"Name": definition["Name"]}})
    assert glue.get_classifier(Name=definition["Name"])["Classifier"][kind]["Version"] == 2
    glue.delete_classifier(Name=definition["Name"])
    with pytest.raises(glue.exceptions.EntityNotFoundException, match=definition["Name"]):
        glue.get_classifier(Name=definition["Name"])


def test_an_update_keeps_what_is_not_given(glue: Any) -> None:
    glue.create_classifier(GrokClassifier=GROK)
    glue.update_classifier(GrokClassifier={"Name": "g", "CustomPatterns": "LEVEL A|B", "GrokPattern": "%{LEVEL:l}"})
    found = glue.get_classifier(Name="g")["Classifier"]["GrokClassifier"]
    assert (found["Classification"], found["GrokPattern"]) == ("my-logs", "%{LEVEL:l}")


def test_pages(glue: Any) -> None:
    for name in ("a", "b", "c"):
        glue.create_classifier(JsonClassifier={"Name": name, "JsonPath": "$"})
    first = glue.get_classifiers(MaxResults=2)
    assert [one["JsonClassifier"]["Name"] for one in first["Classifiers"]] == ["a", "b"]
    [last] = glue.get_classifiers(NextToken=first["NextToken"])["Classifiers"]
    assert last["JsonClassifier"]["Name"] == "c"


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        ({}, "Exactly one of"),
        ({"GrokClassifier": GROK, "JsonClassifier": {"Name": "j", "JsonPath": "$"}}, "Exactly one of"),
        ({"GrokClassifier": {**GROK, "GrokPattern": "%{NOSUCH:a}"}}, "NOSUCH is not defined"),
        ({"GrokClassifier": {**GROK, "GrokPattern": "plain"}}, "no field"),
        ({"GrokClassifier": {**GROK, "GrokPattern": "(%{WORD:a}"}}, "not valid"),
        ({"GrokClassifier": {**GROK, "GrokPattern": "%{WORD:a:decimal}"}}, "unknown data type decimal"),
        ({"GrokClassifier": {**GROK, "GrokPattern": "%{A:a}", "CustomPatterns": "A %{A}"}}, "refers to itself"),
        ({"GrokClassifier": {**GROK, "GrokPattern": "%{A:a}", "CustomPatterns": "A"}}, "NAME and the pattern"),
        ({"JsonClassifier": {"Name": "j", "JsonPath": "a.b"}}, "begin with"),
        ({"JsonClassifier": {"Name": "j", "JsonPath": "$..a"}}, "not valid"),
        ({"XMLClassifier": {"Name": "x", "Classification": "xml", "RowTag": "<row>"}}, "angle brackets"),
        ({"XMLClassifier": {"Name": "x", "Classification": "xml"}}, "RowTag"),
        ({"CsvClassifier": {"Name": "c", "Delimiter": ",", "QuoteSymbol": ","}}, "different from Delimiter"),
        ({"CsvClassifier": {"Name": "c", "Delimiter": '"'}}, "different from Delimiter"),
        ({"CsvClassifier": {"Name": "c", "Header": ["a", "A"]}}, "repeat"),
        ({"CsvClassifier": {"Name": "c", "CustomDatatypes": ["BIGGER"]}}, "unknown type BIGGER"),
    ],
)
def test_invalid_definitions_are_refused(glue: Any, definition: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message) as refused:
        glue.create_classifier(**definition)
    assert refused.value.response["Error"]["Code"] == "InvalidInputException"
    assert glue.get_classifiers()["Classifiers"] == []


def test_missing_existing_and_other_kinds(glue: Any) -> None:
    glue.create_classifier(GrokClassifier=GROK)
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_classifier(JsonClassifier={"Name": "g", "JsonPath": "$"})
    with pytest.raises(glue.exceptions.InvalidInputException, match="cannot become a JsonClassifier"):
        glue.update_classifier(JsonClassifier={"Name": "g", "JsonPath": "$"})
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.update_classifier(JsonClassifier={"Name": "none"})
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.delete_classifier(Name="none")


def test_a_crawler_of_an_unknown_classifier_is_refused(glue: Any) -> None:
    members = {"Name": "c", "Role": "r", "DatabaseName": "db", "Targets": TARGETS}
    with pytest.raises(glue.exceptions.InvalidInputException, match="Classifier with name g does not exist"):
        glue.create_crawler(**members, Classifiers=["g"])
    glue.create_classifier(GrokClassifier=GROK)
    glue.create_crawler(**members, Classifiers=["g"])
    with pytest.raises(glue.exceptions.InvalidInputException, match="Classifier with name h does not exist"):
        glue.update_crawler(Name="c", Classifiers=["g", "h"])
    assert glue.get_crawler(Name="c")["Crawler"]["Classifiers"] == ["g"]
