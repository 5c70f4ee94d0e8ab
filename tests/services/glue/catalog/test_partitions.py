"""Tables' versions, partitions and tags through boto3."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from botocore.exceptions import ClientError

_NULL = "__HIVE_DEFAULT_PARTITION__"
ARN = "arn:aws:glue:us-east-1:000000000000:database/"


@pytest.fixture
def glue(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Any:
    client = aws("glue", account=f"{crc32(request.node.name.encode()):012d}")
    client.create_database(DatabaseInput={"Name": "DB"})
    keys = [{"Name": "year", "Type": "int"}, {"Name": "month", "Type": "string"}]
    client.create_table(DatabaseName="db", TableInput={"Name": "T", "PartitionKeys": keys})
    return client


def _refusal(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def _partition(*values: str) -> dict[str, Any]:
    columns = [{"Name": "c", "Type": "string"}]
    return {"Values": list(values), "StorageDescriptor": {"Location": "s3://b/k", "Columns": columns}}


def _fill(glue: Any, values: list[tuple[str, ...]]) -> list[Any]:
    inputs = [_partition(*each) for each in values]
    return glue.batch_create_partition(DatabaseName="db", TableName="t", PartitionInputList=inputs)["Errors"]


def test_expression_pages_and_segments_cover_each_partition_once(glue: Any) -> None:
    assert _fill(glue, [(str(year), f"{month:02d}") for year in range(2015, 2023) for month in range(1, 13)]) == []
    pages = glue.get_paginator("get_partitions").paginate(
        DatabaseName="DB",
        TableName="T",
        Expression="year > 2019 AND month IN ('01', '02')",
        PaginationConfig={"PageSize": 4},
    )
    found = [partition["Values"] for each in pages for partition in each["Partitions"]]
    assert found == [[str(year), month] for year in (2020, 2021, 2022) for month in ("01", "02")]
    segments = [
        glue.get_partitions(
            DatabaseName="db", TableName="t", Segment={"SegmentNumber": n, "TotalSegments": 3}, ExcludeColumnSchema=True
        )["Partitions"]
        for n in range(3)
    ]
    assert sum(len(each) for each in segments) == 96
    assert min(len(each) for each in segments) > 20
    assert len({tuple(p["Values"]) for each in segments for p in each}) == 96
    assert all("Columns" not in p["StorageDescriptor"] for each in segments for p in each)


@pytest.mark.parametrize("expression", ["", "year > 2016"])
@pytest.mark.parametrize("segments", [1, 3])
def test_deleting_each_page_deletes_everything(glue: Any, expression: str, segments: int) -> None:
    assert _fill(glue, [(str(year), f"{month:02d}\t") for year in range(2015, 2023) for month in range(1, 13)]) == []
    paginator = glue.get_paginator("get_partitions")
    for n in range(segments):
        for each in paginator.paginate(
            DatabaseName="db",
            TableName="t",
            Expression=expression,
            Segment={"SegmentNumber": n, "TotalSegments": segments},
            PaginationConfig={"PageSize": 7},
        ):
            shown = [{"Values": partition["Values"]} for partition in each["Partitions"]]
            glue.batch_delete_partition(DatabaseName="db", TableName="t", PartitionsToDelete=shown)
    left = glue.get_partitions(DatabaseName="db", TableName="t")["Partitions"]
    assert len(left) == (24 if expression else 0)


def test_additions_between_pages_repeat_nothing(glue: Any) -> None:
    _fill(glue, [("2024", "05"), ("2024", "06"), ("2024", "08")])
    first = glue.get_partitions(DatabaseName="db", TableName="t", MaxResults=2)
    _fill(glue, [("2024", "01"), ("2024", "07")])
    glue.delete_partition(DatabaseName="db", TableName="t", PartitionValues=["2024", "06"])
    second = glue.get_partitions(DatabaseName="DB", TableName="T", NextToken=first["NextToken"])
    assert [partition["Values"][1] for partition in second["Partitions"]] == ["07", "08"]


def test_a_token_of_another_listing_is_refused(glue: Any) -> None:
    _fill(glue, [("2024", "05"), ("2024", "06")])
    glue.create_table(DatabaseName="db", TableInput={"Name": "u", "PartitionKeys": [{"Name": "y", "Type": "int"}]})
    token = glue.get_partitions(DatabaseName="db", TableName="t", MaxResults=1)["NextToken"]
    tables = glue.get_tables(DatabaseName="db", MaxResults=1)["NextToken"]
    for call, request in [
        (glue.get_partitions, {"TableName": "u", "NextToken": token}),
        (glue.get_partitions, {"TableName": "t", "NextToken": token, "Expression": "year = 2024"}),
        (glue.get_partitions, {"TableName": "t", "NextToken": tables}),
        (glue.get_partitions, {"TableName": "t", "NextToken": "foreign"}),
        (glue.get_tables, {"NextToken": token}),
        (glue.get_tables, {"NextToken": tables, "Expression": "t"}),
        (glue.get_table_versions, {"TableName": "t", "NextToken": tables}),
    ]:
        code, message = _refusal(call, DatabaseName="db", **request)
        assert (code, message) == ("InvalidInputException", f"Invalid token: {request['NextToken']}")


def test_batches_process_valid_entries_and_report_errors(glue: Any) -> None:
    errors = _fill(glue, [("2024", "01"), ("2024", "01"), ("2024",)])
    assert [(e["PartitionValues"], e["ErrorDetail"]["ErrorCode"]) for e in errors] == [
        (["2024", "01"], "AlreadyExistsException"),
        (["2024"], "InvalidInputException"),
    ]
    to_get = [{"Values": ["2024", "01"]}, {"Values": ["1999", "01"]}]
    read = glue.batch_get_partition(DatabaseName="db", TableName="t", PartitionsToGet=to_get)
    assert [p["Values"] for p in read["Partitions"]] == [["2024", "01"]]
    errors = glue.batch_delete_partition(DatabaseName="db", TableName="t", PartitionsToDelete=to_get)["Errors"]
    assert [(e["PartitionValues"], e["ErrorDetail"]["ErrorCode"]) for e in errors] == [
        (["1999", "01"], "EntityNotFoundException")
    ]
    assert glue.get_partitions(DatabaseName="db", TableName="t")["Partitions"] == []


def test_moving_a_partition_onto_another_is_refused(glue: Any) -> None:
    _fill(glue, [("2024", "01"), ("2024", "02")])
    code, _ = _refusal(
        glue.update_partition,
        DatabaseName="db", TableName="t", PartitionValueList=["2024", "01"], PartitionInput=_partition("2024", "02"),
    )  # fmt: skip
    assert code == "AlreadyExistsException"
    assert len(glue.get_partitions(DatabaseName="db", TableName="t")["Partitions"]) == 2


def test_a_bad_expression_is_refused(glue: Any) -> None:
    code, message = _refusal(glue.get_partitions, DatabaseName="db", TableName="t", Expression="hour = 1")
    assert code == "InvalidInputException"
    assert "hour" in message


def test_keys_of_types_that_aws_does_not_compare_are_refused_by_name(glue: Any) -> None:
    for kind in ("double", "float", "boolean"):
        keys = [{"Name": "k", "Type": kind}, {"Name": "day", "Type": "string"}]
        glue.create_table(DatabaseName="db", TableInput={"Name": kind, "PartitionKeys": keys})
        glue.create_partition(DatabaseName="db", TableName=kind, PartitionInput=_partition("1", "monday"))
        code, message = _refusal(glue.get_partitions, DatabaseName="db", TableName=kind, Expression="k = 1")
        assert code == "InvalidInputException"
        assert message.startswith(f"Unsupported type {kind} of partition key k in an expression; supported are string,")
        # The types of other keys do not matter.
        [found] = glue.get_partitions(DatabaseName="db", TableName=kind, Expression="day = 'monday'")["Partitions"]
        assert found["Values"] == ["1", "monday"]


@pytest.mark.parametrize("like", ["LIKE '1!%' ESCAPE '!'", r"LIKE '1\%'", r"NOT LIKE '1\_'"])
def test_a_like_that_escapes_is_refused_by_name(glue: Any, like: str) -> None:
    code, message = _refusal(glue.get_partitions, DatabaseName="db", TableName="t", Expression=f"month {like}")
    assert (code, "ESCAPE" in message) == ("NotEmulatedByGlueLocalException", True)


def _years(glue: Any, expression: str) -> list[str]:
    found = glue.get_partitions(DatabaseName="db", TableName="t", Expression=expression)["Partitions"]
    return [partition["Values"][0] for partition in found]


@pytest.mark.parametrize(
    ("expression", "years"),
    [
        (" or ".join(f"year={n}" for n in range(20)), ["1", "7"]),
        (" or ".join(f"(year={n} and month='0{n % 8}')" for n in range(60)), ["7"]),
        (" and ".join(f"year<>{n}" for n in range(2, 97)), ["1"]),
        (" or ".join(f"year={n}" for n in range(175, -1, -1)), ["1", "7"]),
        ("not " * 500 + "year=1", ["1"]),
        ("not " * 501 + "year=1", ["7"]),
        ("not(" * 400 + "year=1" + ")" * 400, ["1"]),
        ("(" * 1000 + "year=1" + ")" * 1000, ["1"]),
        ("not(year=0 or " * 101 + "year=1" + ")" * 101, ["7"]),
        ("not(month>'0' and " * 100 + "year=1" + ")" * 100, ["1"]),
        ("(year=0 or month>'0'and" * 80 + " year=1" + ")" * 80, ["1"]),
    ],
)
def test_the_longest_expressions_are_evaluated(glue: Any, expression: str, years: list[str]) -> None:
    assert len(expression) <= 2048  # AWS's maximum length
    assert _fill(glue, [("1", "02"), ("7", "07"), (_NULL, "07")]) == []
    assert _years(glue, expression) == years


@pytest.mark.parametrize("expression", ["(" * 1000 + "year=1", "year=1" + ")" * 1000, "not " * 500, "(year=1 or )"])
def test_unbalanced_parentheses_are_refused(glue: Any, expression: str) -> None:
    code, message = _refusal(glue.get_partitions, DatabaseName="db", TableName="t", Expression=expression)
    assert (code, "unexpected" in message) == ("InvalidInputException", True)


@pytest.mark.parametrize(
    ("expression", "years"),
    [
        ("year = 99999999999999999999", []),
        ("year <> 99999999999999999999", ["-9223372036854775808", "9223372036854775807"]),
        ("year IN (99999999999999999999, 9223372036854775807)", ["9223372036854775807"]),
        ("year NOT IN (-99999999999999999999)", ["-9223372036854775808", "9223372036854775807"]),
        ("year BETWEEN 0 AND 99999999999999999999", ["9223372036854775807"]),
        ("year >= 9223372036854775808", []),
        ("year > -9223372036854775809", ["-9223372036854775808", "9223372036854775807"]),
        ("-99999999999999999999 < year and year < 0", ["-9223372036854775808"]),
        ("year < " + "9" * 2000, ["-9223372036854775808", "9223372036854775807"]),
    ],
)
def test_whole_numbers_beyond_64_bits_compare_by_value(glue: Any, expression: str, years: list[str]) -> None:
    assert _fill(glue, [(str(-(2**63)), "1"), (str(2**63 - 1), "1"), (_NULL, "1")]) == []
    assert _years(glue, expression) == years


def test_versions_are_archived_read_and_deleted(glue: Any) -> None:
    for n in range(3):
        glue.update_table(DatabaseName="db", TableInput={"Name": "t", "Description": str(n)}, SkipArchive=n == 1)
    versions = glue.get_table_versions(DatabaseName="db", TableName="t")["TableVersions"]
    assert [v["VersionId"] for v in versions] == ["3", "2", "0"]
    old = glue.get_table_version(DatabaseName="db", TableName="t", VersionId=versions[-1]["VersionId"])
    assert old["TableVersion"]["Table"].get("Description") is None
    errors = glue.batch_delete_table_version(DatabaseName="db", TableName="t", VersionIds=["0", "3", "9"])["Errors"]
    assert [e["VersionId"] for e in errors] == ["3", "9"]
    code, _ = _refusal(glue.update_table, DatabaseName="db", TableInput={"Name": "t"}, VersionId="1")
    assert code == "ConcurrentModificationException"


def test_versions_deleted_between_pages_hide_no_others(glue: Any) -> None:
    for n in range(12):
        glue.update_table(DatabaseName="db", TableInput={"Name": "t", "Description": str(n)})
    seen = []
    pages = glue.get_paginator("get_table_versions").paginate(
        DatabaseName="db", TableName="t", PaginationConfig={"PageSize": 5}
    )
    for each in pages:
        numbers = [version["VersionId"] for version in each["TableVersions"]]
        seen += numbers
        glue.batch_delete_table_version(DatabaseName="db", TableName="t", VersionIds=numbers)
    assert seen == [str(n) for n in range(12, -1, -1)]


def test_deletion_includes_tables_and_partitions(glue: Any) -> None:
    _fill(glue, [("2024", "01")])
    errors = glue.batch_delete_table(DatabaseName="db", TablesToDelete=["t", "other"])["Errors"]
    assert [e["TableName"] for e in errors] == ["other"]
    glue.create_table(DatabaseName="db", TableInput={"Name": "t", "PartitionKeys": [{"Name": "y", "Type": "int"}]})
    assert glue.get_partitions(DatabaseName="db", TableName="t")["Partitions"] == []
    assert _refusal(glue.get_tables, DatabaseName="db", Expression="(")[0] == "InvalidInputException"


def test_tags_find_catalog_names_in_any_case(glue: Any) -> None:
    account = f"{crc32(b'test_tags_find_catalog_names_in_any_case'):012d}"
    arn = f"arn:aws:glue:us-east-1:{account}:"
    for written, stored in (("table/DB/TAB", "table/db/tab"), ("database/Db", "database/db")):
        if written.startswith("table"):
            glue.create_table(DatabaseName="db", TableInput={"Name": "tab"})
        glue.tag_resource(ResourceArn=arn + written, TagsToAdd={"a": "1", "b": "2"})
        glue.untag_resource(ResourceArn=arn + stored, TagsToRemove=["b"])
        assert glue.get_tags(ResourceArn=arn + stored)["Tags"] == {"a": "1"}
        assert glue.get_tags(ResourceArn=arn + written)["Tags"] == {"a": "1"}
    glue.delete_table(DatabaseName="db", Name="TAB")
    assert _refusal(glue.get_tags, ResourceArn=arn + "table/db/TAB")[0] == "EntityNotFoundException"
    glue.create_job(Name="J", Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://b/k"})
    assert _refusal(glue.get_tags, ResourceArn=arn + "job/j")[0] == "EntityNotFoundException"


def test_tags_are_deleted_with_their_resource(aws: Callable[..., Any]) -> None:
    glue = aws("glue")
    glue.create_database(DatabaseInput={"Name": "tagged"}, Tags={"a": "1"})
    glue.tag_resource(ResourceArn=ARN + "tagged", TagsToAdd={"a": "2", "b": "3"})
    glue.untag_resource(ResourceArn=ARN + "tagged", TagsToRemove=["b"])
    assert glue.get_tags(ResourceArn=ARN + "tagged")["Tags"] == {"a": "2"}
    glue.delete_database(Name="tagged")
    assert _refusal(glue.get_tags, ResourceArn=ARN + "tagged")[0] == "EntityNotFoundException"
    glue.create_database(DatabaseInput={"Name": "tagged"})
    assert glue.get_tags(ResourceArn=ARN + "tagged")["Tags"] == {}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (f"month = '{_NULL}'", [_NULL]),
        (f"'{_NULL}' = month", [_NULL]),
        (f"month <> '{_NULL}'", ["01", "02"]),
        (f"month IN ('{_NULL}')", [_NULL]),
        (f"month IN ('01', '{_NULL}')", ["01", _NULL]),
        (f"month NOT IN ('01', '{_NULL}')", ["02"]),
        (f"month = '{_NULL}' AND year = 3e0", [_NULL]),
        ("month <> '01'", ["02"]),
        ("month IS NULL", [_NULL]),
    ],
)
def test_the_text_for_null_matches_on_string_keys(glue: Any, expression: str, found: list[str]) -> None:
    assert _fill(glue, [("1", "01"), ("2", "02"), ("3", _NULL)]) == []
    answer = glue.get_partitions(DatabaseName="db", TableName="t", Expression=expression)["Partitions"]
    assert [partition["Values"][1] for partition in answer] == found


@pytest.mark.parametrize(
    ("expression", "years"),
    [
        ("year < 3e10", ["2", "2000000000"]),
        ("year = 2E9", ["2000000000"]),
        ("year = 2.0e+9", ["2000000000"]),
        ("year <= 20e-1", ["2"]),
        ("year > -1e999999999", ["2", "2000000000"]),
        ("year >= 1e30", []),
    ],
)
def test_numbers_with_an_exponent_are_literals(glue: Any, expression: str, years: list[str]) -> None:
    assert _fill(glue, [("2", "01"), ("2000000000", "01")]) == []
    assert _years(glue, expression) == years


def test_column_and_key_names_are_stored_in_lower_case(glue: Any) -> None:
    columns, keys = [{"Name": "userId", "Type": "int"}], [{"Name": "Dt", "Type": "string"}]
    table = {"Name": "u", "StorageDescriptor": {"Columns": columns}, "PartitionKeys": keys}
    glue.create_table(DatabaseName="db", TableInput=table)
    glue.create_partition(
        DatabaseName="db", TableName="u", PartitionInput={**_partition("1"), "StorageDescriptor": {"Columns": columns}}
    )
    found = glue.get_table(DatabaseName="db", Name="u")["Table"]
    assert found["StorageDescriptor"]["Columns"] == [{"Name": "userid", "Type": "int"}]
    assert found["PartitionKeys"] == [{"Name": "dt", "Type": "string"}]
    [partition] = glue.get_partitions(DatabaseName="db", TableName="u", Expression="DT = '1'")["Partitions"]
    assert partition["StorageDescriptor"]["Columns"] == [{"Name": "userid", "Type": "int"}]
