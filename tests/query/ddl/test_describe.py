"""DESCRIBE in Hive's layout."""

from collections.abc import Callable

import pytest

from glue_local.query.session import Session
from glue_local.query.statement import Outcome

Run = Callable[[str], Outcome]
Failure = Callable[[str], str]


@pytest.fixture(autouse=True)
def impressions(run: Run) -> None:
    run(
        """CREATE EXTERNAL TABLE impressions (
          requestBeginTime string, timers struct<modelLookup:string,requestTime:array<struct<t:int>>>, tags map<string,date>
        ) PARTITIONED BY (dt string COMMENT 'day') ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
        WITH SERDEPROPERTIES ('paths'='requestBeginTime, timers') LOCATION 's3://b/impressions/'"""
    )
    run("ALTER TABLE impressions ADD PARTITION (dt='2009-04-12')")


COLUMNS = (
    "requestbegintime    \tstring              \tfrom deserializer   \n"
    "timers              \tstruct<modellookup:string,requesttime:array<struct<t:int>>>\tfrom deserializer   \n"
    "tags                \tmap<string,date>    \tfrom deserializer   \n"
)
KEY = "dt                  \tstring              \tday                 \n"
HEADER = "# col_name          \tdata_type           \tcomment             \n"
BLANK = "\t \t \n"


def test_describe_table_html(run: Run) -> None:
    outcome = run("DESCRIBE impressions")
    assert (outcome.kind, [column.name for column in outcome.columns]) == (
        "UTILITY",
        ["col_name", "data_type", "comment"],
    )
    assert outcome.text == f"{COLUMNS}{KEY}{BLANK}# Partition Information\t \t \n{HEADER}{BLANK}{KEY}"
    assert outcome.rows[0] == [COLUMNS.splitlines()[0]]
    assert run("desc `db`.`impressions`").text == outcome.text


def test_describe_formatted(run: Run) -> None:
    text = run("DESCRIBE FORMATTED impressions").text
    assert text.startswith(f"{HEADER}{BLANK}{COLUMNS}{BLANK}# Partition Information\t \t \n{HEADER}{BLANK}{KEY}{BLANK}")
    for line in (
        "# Detailed Table Information\t \t ",
        "Database:           \tdb                  \t ",
        "Owner:              \thadoop              \t ",
        "Location:           \ts3://b/impressions/ \t ",
        "Table Type:         \tEXTERNAL_TABLE      \t ",
        "Table Parameters:\t \t ",
        "\tEXTERNAL            \tTRUE                ",
        "\ttransient_lastDdlTime\t1587610521          ",
        "# Storage Information\t \t ",
        "SerDe Library:      \torg.openx.data.jsonserde.JsonSerDe\t ",
        "InputFormat:        \torg.apache.hadoop.mapred.TextInputFormat\t ",
        "Compressed:         \tNo                  \t ",
        "Num Buckets:        \t-1                  \t ",
        "Bucket Columns:     \t[]                  \t ",
        "Storage Desc Params:\t \t ",
        "\tpaths               \trequestBeginTime, timers",
        "\tserialization.format\t1                   ",
    ):
        assert line in text.splitlines()


def test_describe_extended(run: Run) -> None:
    last = run("DESCRIBE EXTENDED impressions").text.splitlines()[-1]
    title, text, _ = last.split("\t")
    assert title == "Detailed Table Information"
    assert text.startswith("Table(tableName:impressions, dbName:db, owner:hadoop, createTime:")
    assert "partitionKeys:[FieldSchema(name:dt, type:string, comment:day)]" in text
    assert (
        "serializationLib:org.openx.data.jsonserde.JsonSerDe, parameters:{serialization.format=1, paths=requestBeginTime, timers})"
        in text
    )
    assert text.endswith("tableType:EXTERNAL_TABLE)")


def test_describe_a_partition(run: Run, failure: Failure) -> None:
    assert run("DESCRIBE impressions PARTITION (dt='2009-04-12')").text.startswith(COLUMNS)
    text = run("DESCRIBE FORMATTED impressions PARTITION (dt='2009-04-12')").text
    assert "# Detailed Partition Information\t \t \nPartition Value:    \t[2009-04-12]        \t \n" in text
    assert "Location:           \ts3://b/impressions/dt=2009-04-12\t \n" in text
    extended = run("DESCRIBE EXTENDED impressions PARTITION (dt='2009-04-12')").text.splitlines()[-1]
    assert extended.startswith("Detailed Partition Information\tPartition(values:[2009-04-12], dbName:db, ")
    assert failure("DESCRIBE impressions PARTITION (dt='x')") == (
        "FAILED: SemanticException [Error 10006]: Partition not found {dt=x}"
    )


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("tags", ["tags                \tmap<string,date>    \tfrom deserializer   "]),
        ("timers.modelLookup", ["modellookup         \tstring              \tfrom deserializer   "]),
        ("timers.requesttime.'$elem$'", ["t                   \tint                 \tfrom deserializer   "]),
        ("timers.requesttime.`$elem$`.t", ["t                   \tint                 \tfrom deserializer   "]),
        ("tags.'$value$'", ["$value$             \tdate                \tfrom deserializer   "]),
        ("dt", ["dt                  \tstring              \tday                 "]),
    ],
)
def test_describe_nested_fields(run: Run, path: str, lines: list[str]) -> None:
    """describe-table.html: col_name ( [.field_name] | [.'$elem$'] | [.'$key$'] | [.'$value$'] )"""
    assert run(f"DESCRIBE impressions {path}").text.splitlines() == lines
    assert run(f"DESCRIBE FORMATTED impressions {path}").text.startswith(HEADER)


def test_invalid_statements_are_refused(failure: Failure) -> None:
    # According to describe-table.html, about DESCRIBE TABLE.
    assert failure("DESCRIBE TABLE impressions").startswith("FAILED: SemanticException [Error 10001]: Table not found")
    assert "Invalid column reference none" in failure("DESCRIBE impressions none")
    assert "Invalid column reference timers.none" in failure("DESCRIBE impressions timers.none")
    assert "Invalid column reference tags.$elem$" in failure("DESCRIBE impressions tags.'$elem$'")


def test_describe_view_html(run: Run, session: Session) -> None:
    from base64 import b64encode

    document = b'{"originalSql": "select 1", "columns": [{"name": "a", "type": "row(x integer)"}]}'
    given = {
        "Name": "v",
        "TableType": "VIRTUAL_VIEW",
        "ViewOriginalText": f"/* Presto View: {b64encode(document).decode()} */",
    }
    session.glue.create_table(DatabaseName="db", TableInput=given)
    assert run("DESCRIBE v").text == "a                   \tstruct<x:int>       \t                    \n"
