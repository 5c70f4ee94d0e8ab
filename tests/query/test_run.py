"""Queries on the real engine through boto3: rows, result objects, errors, stops, limits."""

import gzip
import json
import os
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.query.asking import Asking, asking

pytestmark = pytest.mark.engine

# Hours of work without reading data.
ENDLESS = "select count(*) from unnest(sequence(1, 10000)) a(x), unnest(sequence(1, 10000)) b(y), unnest(sequence(1, 10000)) c(z) where x * y + z = 7"


@pytest.fixture
def ask(athena_aws: Callable[..., Any]) -> Asking:
    return asking(athena_aws)


@pytest.fixture
def events(ask: Asking) -> Asking:
    """A table of gzip JSON in two partitions of two rows each."""
    columns = [{"Name": "id", "Type": "bigint"}, {"Name": "name", "Type": "string"}]
    serde = {"SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe"}
    formats = {
        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    }
    storage = {"Columns": columns, "Location": f"s3://{ask.bucket}/events/", "SerdeInfo": serde, **formats}
    table = {"Name": "events", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage}
    keys = [{"Name": "day", "Type": "string"}]
    ask.glue.create_table(DatabaseName=ask.database, TableInput={**table, "PartitionKeys": keys})
    for number, day in enumerate(("2026-01-01", "2026-01-02")):
        place = f"events/day={day}/"
        lines = "".join(json.dumps({"id": 2 * number + each, "name": f"n{each}"}) + "\n" for each in range(2))
        ask.s3.put_object(Bucket=ask.bucket, Key=f"{place}part.json.gz", Body=gzip.compress(lines.encode()))
        values = {"Values": [day], "StorageDescriptor": {**storage, "Location": f"s3://{ask.bucket}/{place}"}}
        ask.glue.create_partition(DatabaseName=ask.database, TableName="events", PartitionInput=values)
    return ask


def test_values_of_every_type_have_athenas_format(ask: Asking) -> None:
    query = ask.succeed(
        """select 1 as a, cast(null as varchar) as b, 'x"y' as c, 1e10 as d, array[1, 2] as e, map(array['k'], array[true]) as f,
        cast(row(1, 'z') as row(x integer, y varchar)) as g, timestamp '2020-01-01 00:00:00' as h, x'6869' as i,
        cast(1.5 as decimal(10, 2)) as j, '' as k, real '0.1' as l, date '2020-01-02' as m"""
    )
    header, values = ask.result(query["QueryExecutionId"])
    assert header == list("abcdefghijklm")
    assert values == [
        *("1", None, 'x"y', "1.0E10", "[1, 2]", "{k=true}", "{x=1, y=z}", "2020-01-01 00:00:00.000", "68 69"),
        *("1.50", "", "0.1", "2020-01-02"),
    ]
    found = ask.athena.get_query_results(QueryExecutionId=query["QueryExecutionId"])
    types = [each["Type"] for each in found["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
    assert types == [
        *("integer", "varchar", "varchar", "double", "array", "map", "row", "timestamp", "varbinary"),
        *("decimal", "varchar", "float", "date"),
    ]
    assert found["UpdateCount"] == 0
    location = query["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://{ask.bucket}/results/{query['QueryExecutionId']}.csv"
    assert ask.content(location).splitlines()[1].startswith(b'"1",,"x""y","1.0E10","[1, 2]"')
    assert ask.content(f"{location}.metadata").startswith(b"\n$" + query["QueryExecutionId"].encode())
    assert (query["StatementType"], query["SubstatementType"]) == ("DML", "SELECT")


def test_only_matching_partitions_are_scanned(events: Asking) -> None:
    everything = events.succeed("select * from events")
    one_day = events.succeed("select id, name from events where day = '2026-01-02' order by id")
    assert events.result(one_day["QueryExecutionId"]) == [["id", "name"], ["2", "n0"], ["3", "n1"]]
    listed = events.s3.list_objects_v2(Bucket=events.bucket, Prefix="events/")["Contents"]
    sizes = [each["Size"] for each in listed]
    assert everything["Statistics"]["DataScannedInBytes"] == sum(sizes)
    assert one_day["Statistics"]["DataScannedInBytes"] == sizes[1]
    runtime = events.athena.get_query_runtime_statistics(QueryExecutionId=everything["QueryExecutionId"])
    assert runtime["QueryRuntimeStatistics"]["Rows"]["InputRows"] == 4
    assert runtime["QueryRuntimeStatistics"]["Rows"]["OutputRows"] == 4
    assert runtime["QueryRuntimeStatistics"]["OutputStage"]["State"] == "FINISHED"


def test_pages_have_the_header_once_and_all_rows(ask: Asking) -> None:
    query = ask.succeed(
        "select x, 'line\nof \"' || cast(x as varchar) as y from unnest(sequence(1, 2500)) a(x) order by x"
    )
    athena, query_id = ask.athena, query["QueryExecutionId"]
    first = athena.get_query_results(QueryExecutionId=query_id)
    assert len(first["ResultSet"]["Rows"]) == 1000
    small = athena.get_query_results(QueryExecutionId=query_id, MaxResults=1)
    assert small["ResultSet"]["Rows"] == [{"Data": [{"VarCharValue": "x"}, {"VarCharValue": "y"}]}]
    rows = ask.result(query_id)
    assert rows == [["x", "y"], *([str(x), f'line\nof "{x}'] for x in range(1, 2501))]
    with pytest.raises(ClientError, match="Invalid token"):
        athena.get_query_results(QueryExecutionId=query_id, NextToken="guess")
    ask.s3.delete_object(Bucket=ask.bucket, Key=f"results/{query_id}.csv")
    with pytest.raises(ClientError, match="Could not find results"):
        athena.get_query_results(QueryExecutionId=query_id)


def test_ctas_and_insert_count_and_list_their_files(ask: Asking) -> None:
    where = f"external_location = 's3://{ask.bucket}/made/', format = 'PARQUET'"
    made = ask.succeed(f"create table made with ({where}) as select 1 as a, 'x' as b union all select 2, 'y'")
    assert (made["StatementType"], made["SubstatementType"]) == ("DDL", "CREATE_TABLE_AS_SELECT")
    inserted = ask.succeed("insert into made values (3, 'z')")
    assert (inserted["StatementType"], inserted["SubstatementType"]) == ("DML", "INSERT")
    for query, count in ((made, 2), (inserted, 1)):
        found = ask.athena.get_query_results(QueryExecutionId=query["QueryExecutionId"])
        assert (found["UpdateCount"], found["ResultSet"]["Rows"]) == (count, [])
    listed = ask.s3.list_objects_v2(Bucket=ask.bucket, Prefix="made/")["Contents"]
    manifests = [ask.content(each["Statistics"]["DataManifestLocation"]).decode() for each in (made, inserted)]
    assert sorted("".join(manifests).split()) == sorted(f"s3://{ask.bucket}/{each['Key']}" for each in listed)
    assert ask.rows("select count(*), max(b) from made") == [["_col0", "_col1"], ["3", "z"]]


def test_the_result_of_a_statement_is_a_text_object(ask: Asking) -> None:
    query = ask.succeed("explain select 1")
    assert query["ResultConfiguration"]["OutputLocation"].endswith(".txt")
    assert (query["StatementType"], query["SubstatementType"]) == ("UTILITY", "EXPLAIN")
    rows = ask.result(query["QueryExecutionId"])
    assert all(len(row) == 1 for row in rows)
    assert any("Fragment 0" in str(row[0]) for row in rows)


@pytest.mark.parametrize(
    ("sql", "reason", "category", "error_type"),
    [
        ("select foo", r"COLUMN_NOT_FOUND: line 1:8: Column 'foo' cannot be resolved or requester is not", 2, 1006),
        (
            "select\n* from nowhere",
            r"TABLE_NOT_FOUND: line 2:8: Table 'awsdatacatalog\..*\.nowhere' does not exist",
            2,
            1110,
        ),
        ("selec 1", "SYNTAX_ERROR: line 1:1: mismatched input 'selec'. Expecting: ", 2, 1006),
        ("select 1 / 0", "DIVISION_BY_ZERO: Division by zero", 2, 1001),
        ("select nothing(1)", "FUNCTION_NOT_FOUND: line 1:8: Function 'nothing' not registered", 2, 1303),
        ("select cast('x' as integer)", "INVALID_CAST_ARGUMENT: Cannot cast 'x' to INT", 2, 1001),
    ],
)
def test_an_error_has_athenas_message(ask: Asking, sql: str, reason: str, category: int, error_type: int) -> None:
    query = ask.run(sql)
    status = query["Status"]
    assert status["State"] == "FAILED"
    assert re.match(reason, status["StateChangeReason"]), status["StateChangeReason"]
    error = status["AthenaError"]
    assert (error["ErrorCategory"], error["ErrorType"], error["Retryable"]) == (category, error_type, False)
    assert error["ErrorMessage"] == status["StateChangeReason"]
    with pytest.raises(ClientError, match="Final query state: FAILED"):
        ask.athena.get_query_results(QueryExecutionId=query["QueryExecutionId"])


def test_a_missing_bucket_fails_the_query(ask: Asking) -> None:
    query = ask.run("select 1", ResultConfiguration={"OutputLocation": "s3://nowhere-at-all/"})
    assert query["Status"]["StateChangeReason"] == "Unable to verify/create output bucket nowhere-at-all"


def test_the_database_of_the_context_may_be_in_back_quotes(ask: Asking) -> None:
    ask.succeed(f"CREATE EXTERNAL TABLE t (n int) LOCATION 's3://{ask.bucket}/t/'")
    context = {"Database": f"`{ask.database}`"}
    ask.succeed("MSCK REPAIR TABLE `t`;", QueryExecutionContext=context)
    assert ask.rows("SELECT count(*) FROM t", QueryExecutionContext=context)[1:] == [["0"]]


def test_parameters_and_prepared_statements(ask: Asking) -> None:
    assert ask.rows("select ? + ?, '?'", ExecutionParameters=["1", "2"])[1] == ["3", "?"]
    name = f"p_{ask.database}"
    ask.rows(f"PREPARE {name} FROM select ? || ?")
    assert ask.rows(f"EXECUTE {name} USING 'a', 'b'")[1] == ["ab"]
    assert ask.rows(f"EXECUTE {name}", ExecutionParameters=["'c'", "'d'"])[1] == ["cd"]
    ask.rows(f"DEALLOCATE PREPARE {name}")
    failed = ask.run(f"EXECUTE {name} USING 'a', 'b'")
    assert "Prepared statement not found" in failed["Status"]["StateChangeReason"]


def test_a_running_query_is_stopped(ask: Asking) -> None:
    query_id = ask.start(ENDLESS)
    ask.wait(query_id, "RUNNING")
    ask.athena.stop_query_execution(QueryExecutionId=query_id)
    assert ask.wait(query_id)["Status"]["State"] == "CANCELLED"


def test_a_query_that_scans_too_much_is_cancelled(events: Asking) -> None:
    name = f"g{events.database}"
    cutoff = {"BytesScannedCutoffPerQuery": 10000000, "EnforceWorkGroupConfiguration": False}
    events.athena.create_work_group(Name=name, Configuration=cutoff)
    assert events.run("select * from events", WorkGroup=name)["Status"]["State"] == "SUCCEEDED"
    lines = (json.dumps({"id": 1, "name": os.urandom(100_000).hex()}) for _ in range(120))
    body = gzip.compress("\n".join(lines).encode(), 1)
    events.s3.put_object(Bucket=events.bucket, Key="events/day=2026-01-01/large.json.gz", Body=body)
    status = events.run("select count(name) from events", WorkGroup=name)["Status"]
    assert status["State"] == "CANCELLED", status
    assert status["StateChangeReason"] == "Bytes scanned limit was exceeded"


def test_ten_concurrent_queries_return_their_own_rows(ask: Asking) -> None:
    started = [ask.start(f"select {number}, count(*) from unnest(sequence(1, 1000)) a(x)") for number in range(10)]
    assert [ask.wait(each)["Status"]["State"] for each in started] == ["SUCCEEDED"] * 10
    assert [ask.result(each)[1] for each in started] == [[str(number), "1000"] for number in range(10)]


def test_accounts_and_regions_have_their_own_catalogs(ask: Asking, athena_aws: Callable[..., Any]) -> None:
    other = asking(athena_aws, "111122223333", "eu-west-1")
    for each, value in ((ask, 1), (other, 2)):
        each.rows(f"create table same with (external_location = 's3://{each.bucket}/same/') as select {value} as a")
    assert ask.rows("select a from same")[1] == ["1"]
    assert other.rows('select a from "AwsDataCatalog".' + f'"{other.database}"."same"')[1] == ["2"]
    assert ask.run(f"select a from {other.database}.same")["Status"]["State"] == "FAILED"
    missing = other.run("select a from nowhere")["Status"]["StateChangeReason"]
    assert f"Table 'awsdatacatalog.{other.database}.nowhere' does not exist" in missing


def test_more_than_a_hundred_partitions_cannot_be_written_by_one_query(ask: Asking) -> None:
    where = f"external_location = 's3://{ask.bucket}/many/', partitioned_by = array['p']"
    query = ask.run(f"create table many with ({where}) as select x as a, x as p from unnest(sequence(1, 101)) a(x)")
    assert "Exceeded limit of 100 open writers for partitions" in query["Status"]["StateChangeReason"]
