"""ALTER TABLE in the forms that change columns, properties and locations."""

from collections.abc import Callable
from typing import Any

import pytest

from glue_local.query.statement import Outcome

Run = Callable[[str], Outcome]
Table = Callable[[str], dict[str, Any]]
Failure = Callable[[str], str]

TASK = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask."


@pytest.fixture(autouse=True)
def events(run: Run, bucket: str) -> None:
    run(
        f"""CREATE EXTERNAL TABLE events (id int COMMENT 'the key', name string) PARTITIONED BY (awsregion string)
        LOCATION 's3://{bucket}/events/'"""
    )
    run("ALTER TABLE events ADD PARTITION (awsregion='us-west-2')")


def columns(found: dict[str, Any]) -> list[tuple[str, ...]]:
    return [tuple(column.values()) for column in found["StorageDescriptor"]["Columns"]]


def test_alter_table_add_columns_html(run: Run, table: Table, failure: Failure) -> None:
    assert run("ALTER TABLE events ADD COLUMNS (eventowner string COMMENT 'who', more array<int>)").kind == "DDL"
    assert columns(table("events")) == [
        ("id", "int", "the key"), ("name", "string"), ("eventowner", "string", "who"), ("more", "array<int>"),
    ]  # fmt: skip
    assert failure("ALTER TABLE events ADD COLUMNS (Name string)") == f"{TASK} Duplicate column name: name"
    assert failure("ALTER TABLE events ADD COLUMNS (awsregion string)") == f"{TASK} Duplicate column name: awsregion"


def test_alter_table_add_columns_html_of_a_partition(run: Run, table: Table, session: Any) -> None:
    run("ALTER TABLE events PARTITION (awsregion='us-west-2') ADD COLUMNS (event string)")
    [partition] = session.glue.get_partitions(DatabaseName="db", TableName="events")["Partitions"]
    assert columns(partition)[-1] == ("event", "string")
    assert len(columns(table("events"))) == 2


def test_alter_table_replace_columns_html(run: Run, table: Table, failure: Failure) -> None:
    run("ALTER TABLE events REPLACE COLUMNS (id bigint, at timestamp)")
    assert columns(table("events")) == [("id", "bigint"), ("at", "timestamp")]
    run("CREATE EXTERNAL TABLE j (a int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://b/'")
    assert failure("ALTER TABLE j REPLACE COLUMNS (b int)") == (
        f"{TASK} Replace columns is not supported for table db.j. SerDe may be incompatible."
    )


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ("CHANGE COLUMN name title varchar(10)", [("id", "int", "the key"), ("title", "varchar(10)")]),
        ("CHANGE id id bigint", [("id", "the key", "bigint"), ("name", "string")]),
        ("CHANGE id id bigint COMMENT 'of it'", [("id", "of it", "bigint"), ("name", "string")]),
        ("CHANGE name name string FIRST", [("name", "string"), ("id", "int", "the key")]),
        ("CHANGE COLUMN id key struct<a:decimal(3,1)> COMMENT 'x' AFTER name", [("name", "string"), ("key", "struct<a:decimal(3,1)>", "x")]),
    ],
)  # fmt: skip
def test_change_column(run: Run, table: Table, change: str, after: list[tuple[str, ...]]) -> None:
    """querying-iceberg-alter-table-change-column.html; Hive also supports it for external tables."""
    run(f"ALTER TABLE db.events {change}")
    assert [set(column) for column in columns(table("events"))] == [set(column) for column in after]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("CHANGE nothing x int", f"{TASK} Invalid column reference nothing"),
        ("CHANGE id name int", f"{TASK} Duplicate column name: name"),
        ("CHANGE id id int AFTER nothing", f"{TASK} Invalid column reference nothing"),
        ("CHANGE id", "FAILED: ParseException line 1:31 cannot recognize input near '<EOF>' '<EOF>' '<EOF>'"),
        ("DROP COLUMN id", "FAILED: SemanticException DROP COLUMN is for Iceberg tables only: use ALTER TABLE REPLACE COLUMNS"),
        ("RENAME TO other", "Queries of this type are not supported: ALTER TABLE RENAME TO, which is for Iceberg tables only"),
        ("UNSET TBLPROPERTIES ('a')", "Queries of this type are not supported: ALTER TABLE UNSET TBLPROPERTIES, which is for Iceberg tables only"),
    ],
)  # fmt: skip
def test_invalid_statements_are_refused(failure: Failure, change: str, message: str) -> None:
    assert failure(f"ALTER TABLE db.events {change}") == message


def test_alter_table_set_location_html(run: Run, table: Table, session: Any, failure: Failure) -> None:
    run("ALTER TABLE events SET LOCATION 's3://amzn-s3-demo-bucket/custdata/'")
    assert table("events")["StorageDescriptor"]["Location"] == "s3://amzn-s3-demo-bucket/custdata/"
    run("ALTER TABLE events PARTITION (awsregion='us-west-2') SET LOCATION 's3://b/elsewhere/'")
    [partition] = session.glue.get_partitions(DatabaseName="db", TableName="events")["Partitions"]
    assert partition["StorageDescriptor"]["Location"] == "s3://b/elsewhere/"
    assert "Invalid location /tmp" in failure("ALTER TABLE events SET LOCATION '/tmp'")


def test_alter_table_set_tblproperties_html(run: Run, table: Table) -> None:
    run("ALTER TABLE events SET TBLPROPERTIES ('notes'=\"Please don't drop this table.\", 'comment'='new')")
    made = table("events")
    assert made["Parameters"]["notes"] == "Please don't drop this table."
    assert made["Parameters"]["comment"] == made["Description"] == "new"
    assert made["Parameters"]["EXTERNAL"] == "TRUE"
    assert (made["PartitionKeys"][0]["Name"], made["TableType"]) == ("awsregion", "EXTERNAL_TABLE")


def test_a_missing_table_and_a_view(failure: Failure, session: Any) -> None:
    assert failure("ALTER TABLE nothing ADD COLUMNS (a int)") == (
        "FAILED: SemanticException [Error 10001]: Table not found db.nothing"
    )
    session.glue.create_table(DatabaseName="db", TableInput={"Name": "v", "TableType": "VIRTUAL_VIEW"})
    assert "Cannot alter a view with ALTER TABLE" in failure("ALTER TABLE v ADD COLUMNS (a int)")
