"""SHOW TABLES, VIEWS, COLUMNS, TBLPROPERTIES, CREATE TABLE and CREATE VIEW."""

import json
from base64 import b64encode
from collections.abc import Callable

import pytest

from glue_local.query.session import Session
from glue_local.query.statement import Outcome

Run = Callable[[str], Outcome]
Failure = Callable[[str], str]


@pytest.fixture
def view(session: Session) -> None:
    """A view as Trino writes it into the catalog."""
    document = {
        "originalSql": "SELECT\n  a\nFROM\n  t\n",
        "catalog": "awsdatacatalog",
        "schema": "db",
        "columns": [{"name": "a", "type": "row(x integer)"}],
    }
    text = f"/* Presto View: {b64encode(json.dumps(document).encode()).decode()} */"
    storage = {"Columns": [{"Name": "a", "Type": "struct<x:int>"}]}
    session.glue.create_table(
        DatabaseName="db",
        TableInput={"Name": "view_2016_flights_dfw", "TableType": "VIRTUAL_VIEW", "ViewOriginalText": text, "StorageDescriptor": storage},
    )  # fmt: skip


@pytest.fixture
def sampledb(run: Run, view: None) -> None:
    for name in ("alb_logs", "cloudfront_logs", "elb_logs", "flights_2016", "flights_parquet"):
        run(f"CREATE EXTERNAL TABLE {name} (a int) LOCATION 's3://b/'")


@pytest.mark.usefixtures("sampledb")
@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SHOW TABLES", ["alb_logs", "cloudfront_logs", "elb_logs", "flights_2016", "flights_parquet", "view_2016_flights_dfw"]),
        ("SHOW TABLES IN db '*flights*'", ["flights_2016", "flights_parquet", "view_2016_flights_dfw"]),
        ("SHOW TABLES IN `db` '*logs'", ["alb_logs", "cloudfront_logs", "elb_logs"]),
        ("show tables from awsdatacatalog.db like 'ALB.*|elb.*'", ["alb_logs", "elb_logs"]),
        ("SHOW TABLES 'flights_[0-9]+'", ["flights_2016"]),
        ("SHOW TABLES 'flights'", []),
    ],
)  # fmt: skip
def test_show_tables_html(run: Run, sql: str, names: list[str]) -> None:
    outcome = run(sql)
    assert [column.name for column in outcome.columns] == ["tab_name"]
    assert outcome.rows == [[name] for name in names]


@pytest.mark.usefixtures("sampledb")
def test_show_views_html(run: Run) -> None:
    assert run("SHOW VIEWS").rows == run("SHOW VIEWS IN db LIKE 'view*'").rows == [["view_2016_flights_dfw"]]
    assert run("SHOW VIEWS LIKE 'other*'").text == ""


def test_a_missing_database_and_an_invalid_pattern(failure: Failure) -> None:
    assert (
        failure("SHOW TABLES IN nowhere") == "FAILED: SemanticException [Error 10072]: Database does not exist: nowhere"
    )
    assert "is not a regular expression" in failure("SHOW TABLES '(a'")
    assert (
        failure("SHOW TABLES IN db x")
        == "FAILED: ParseException line 1:18 cannot recognize input near 'x' '<EOF>' '<EOF>'"
    )


@pytest.mark.parametrize("from_", ["FROM t", "IN t", "FROM db.t", "IN `db`.`t`", "FROM t FROM db", "IN t IN db"])
def test_show_columns_html(run: Run, from_: str) -> None:
    run(
        "CREATE EXTERNAL TABLE t (Id int, a_name_of_more_than_twenty_characters string) PARTITIONED BY (y int) LOCATION 's3://b/'"
    )
    outcome = run(f"SHOW COLUMNS {from_}")
    assert [column.name for column in outcome.columns] == ["field"]
    assert outcome.text == "id                  \na_name_of_more_than_twenty_characters\ny                   \n"


def test_show_tblproperties_html(run: Run) -> None:
    run("CREATE EXTERNAL TABLE orders (a int) COMMENT 'hi' LOCATION 's3://b/'")
    outcome = run("SHOW TBLPROPERTIES orders")
    assert [column.name for column in outcome.columns] == ["prpt_name", "prpt_value"]
    assert sorted(outcome.text.splitlines()) == ["EXTERNAL\tTRUE", "comment\thi", "transient_lastDdlTime\t1587610521"]
    assert run("SHOW TBLPROPERTIES orders('comment')").text == "hi\n"
    assert run("SHOW TBLPROPERTIES orders('none')").text == "Table db.orders does not have property: none\n"


CREATE = r"""CREATE EXTERNAL TABLE `t`(
  `a` int COMMENT 'it\'s', 
  `b` array<string>)
COMMENT 'hi'
PARTITIONED BY ( 
  `y` int COMMENT 'year')
CLUSTERED BY ( 
  a) 
SORTED BY ( 
  b DESC) 
INTO 4 BUCKETS
ROW FORMAT SERDE 
  'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' 
WITH SERDEPROPERTIES ( 
  'serialization.format'='\t', 
  'field.delim'='\t') 
STORED AS INPUTFORMAT 
  'org.apache.hadoop.mapred.TextInputFormat' 
OUTPUTFORMAT 
  'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION
  's3://b/t/'
TBLPROPERTIES (
  'transient_lastDdlTime'='1587610521', 
  'x'='y')
"""  # noqa: W291


def test_show_create_table_html(run: Run, session: Session) -> None:
    """Its output recreates the same table."""
    run(
        r"""CREATE EXTERNAL TABLE t (a int COMMENT 'it\'s', b array<string>) COMMENT 'hi' PARTITIONED BY (y int COMMENT 'year')
        CLUSTERED BY (a) SORTED BY (b DESC) INTO 4 BUCKETS ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'
        LOCATION 's3://b/t/' TBLPROPERTIES ('x'='y')"""
    )
    outcome = run("SHOW CREATE TABLE t")
    assert [column.name for column in outcome.columns] == ["createtab_stmt"]
    assert outcome.text == CREATE
    first = session.glue.get_table(DatabaseName="db", Name="t")["Table"]
    run("DROP TABLE t")
    run(outcome.text)
    again = session.glue.get_table(DatabaseName="db", Name="t")["Table"]
    kept = ("StorageDescriptor", "PartitionKeys", "Parameters", "Description", "TableType")
    assert {name: first[name] for name in kept} == {name: again[name] for name in kept}


def test_show_create_table_of_a_serde_that_defines_the_columns(run: Run) -> None:
    run("CREATE EXTERNAL TABLE j (a int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://b/'")
    text = run("SHOW CREATE TABLE db.j").text
    assert text.startswith("CREATE EXTERNAL TABLE `db.j`(\n  `a` int COMMENT 'from deserializer')\nROW FORMAT SERDE \n")


@pytest.mark.usefixtures("view")
def test_show_create_view_html(run: Run, failure: Failure) -> None:
    outcome = run("SHOW CREATE VIEW db.view_2016_flights_dfw")
    assert outcome.text == "CREATE VIEW db.view_2016_flights_dfw AS\nSELECT\n  a\nFROM\n  t\n\n"
    assert failure("SHOW CREATE VIEW nothing") == "line 1:1: Relation 'awsdatacatalog.db.nothing' does not exist"
    assert "use SHOW CREATE VIEW" in failure("SHOW CREATE TABLE view_2016_flights_dfw")


@pytest.mark.usefixtures("sampledb")
def test_drop_table_html_and_drop_view_html(
    run: Run, failure: Failure, put: Callable[..., None], session: Session, bucket: str
) -> None:
    put("alb/a.json")
    run(f"ALTER TABLE alb_logs SET LOCATION 's3://{bucket}/alb/'")
    assert failure("DROP TABLE view_2016_flights_dfw").endswith("DDLTask. Cannot drop a view with DROP TABLE")
    assert "View 'awsdatacatalog.db.alb_logs' does not exist, but a table with that name exists" in failure(
        "DROP VIEW alb_logs"
    )
    run("DROP TABLE `alb_logs`")
    assert session.s3.list_objects_v2(Bucket=bucket, Prefix="alb/")["KeyCount"] == 1
    run('DROP VIEW "db"."view_2016_flights_dfw"')
    assert run("SHOW TABLES 'alb*|view*'").rows == []
    run("DROP TABLE IF EXISTS db.alb_logs")
    run("DROP VIEW IF EXISTS view_2016_flights_dfw")
    assert failure("DROP TABLE alb_logs") == "FAILED: SemanticException [Error 10001]: Table not found db.alb_logs"
    assert failure("DROP VIEW v") == "line 1:1: View 'awsdatacatalog.db.v' does not exist"
    assert failure('DROP TABLE "elb_logs"').startswith(
        "FAILED: ParseException line 1:11 cannot recognize input near '\"elb_logs\"'"
    )
