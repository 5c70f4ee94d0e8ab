"""CREATE, ALTER, DROP and SHOW DATABASES."""

from collections.abc import Callable

import pytest

from glue_local.query.session import Session
from glue_local.query.statement import Outcome

Run = Callable[[str], Outcome]
Failure = Callable[[str], str]


def test_create_database_html(run: Run, session: Session) -> None:
    outcome = run(
        """CREATE DATABASE IF NOT EXISTS clickstreams COMMENT 'Site Foo clickstream data aggregates'
        LOCATION 's3://myS3location/clickstreams/' WITH DBPROPERTIES ('creator'='Jane D.', 'Dept.'='Marketing analytics');"""
    )
    assert (outcome.kind, outcome.substatement) == ("DDL", "CREATE_DATABASE")
    made = session.glue.get_database(Name="clickstreams")["Database"]
    assert made["Description"] == "Site Foo clickstream data aggregates"
    assert made["LocationUri"] == "s3://myS3location/clickstreams/"
    assert made["Parameters"] == {"creator": "Jane D.", "Dept.": "Marketing analytics"}


def test_schema_is_another_word_for_database(run: Run, failure: Failure) -> None:
    run("create schema `Other-One`")
    run("CREATE SCHEMA IF NOT EXISTS `other-one`")
    assert failure("CREATE DATABASE `other-one`") == (
        "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
        "Database other-one already exists"
    )
    run("DROP SCHEMA `other-one`")
    assert failure("DROP SCHEMA `other-one`") == (
        "FAILED: SemanticException [Error 10072]: Database does not exist: other-one"
    )
    run("DROP DATABASE IF EXISTS `other-one`")


def test_alter_database_set_dbproperties_html(run: Run, session: Session) -> None:
    run("CREATE DATABASE jd_datasets WITH DBPROPERTIES ('creator'='John Doe')")
    run("ALTER DATABASE jd_datasets SET DBPROPERTIES ('creator'='Jane D.', 'department'='applied math')")
    made = session.glue.get_database(Name="jd_datasets")["Database"]
    assert made["Parameters"] == {"creator": "Jane D.", "department": "applied math"}


def test_drop_database_html(run: Run, failure: Failure, session: Session) -> None:
    run("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/t/'")
    assert failure("DROP DATABASE db") == (
        "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
        "InvalidOperationException(message:Database db is not empty. One or more tables exist.)"
    )
    assert failure("DROP DATABASE db RESTRICT").endswith("One or more tables exist.)")
    run("DROP DATABASE `db` CASCADE")
    assert session.glue.get_databases()["DatabaseList"] == []


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SHOW SCHEMAS;", ["db", "sales", "sales_analytics", "web_analytics"]),
        ("SHOW DATABASES LIKE '[a-z0-9]*analytics'", []),
        ("SHOW DATABASES LIKE '*analytics'", ["sales_analytics", "web_analytics"]),
        ("SHOW DATABASES LIKE 'DB|sales'", ["db", "sales"]),
        ("show databases like '.*_analytics'", ["sales_analytics", "web_analytics"]),
    ],
)
def test_show_databases_html(run: Run, sql: str, names: list[str]) -> None:
    for name in ("sales", "sales_analytics", "web_analytics"):
        run(f"CREATE DATABASE {name}")
    outcome = run(sql)
    assert (outcome.kind, [column.name for column in outcome.columns]) == ("UTILITY", ["database_name"])
    assert outcome.rows == [[name] for name in names]
    assert outcome.text == "".join(f"{name}\n" for name in names)


def test_a_database_name_may_have_a_catalog(run: Run, failure: Failure, session: Session) -> None:
    run("CREATE DATABASE awsdatacatalog.one")
    run(f"DROP DATABASE `{session.account}`.one")
    assert "NotImplemented: catalog other" in failure("CREATE DATABASE other.one")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("CREATE DATABASE", "FAILED: ParseException line 1:15 cannot recognize input near '<EOF>' '<EOF>' '<EOF>'"),
        ("CREATE DATABASE x COMMENT y", "FAILED: ParseException line 1:26 cannot recognize input near 'y' '<EOF>' '<EOF>'"),
        ("CREATE DATABASE x MANAGEDLOCATION 's3://b/'", "FAILED: ParseException line 1:18 missing EOF at 'MANAGEDLOCATION' near 'x'"),
        ("ALTER DATABASE x SET OWNER USER y", "FAILED: ParseException line 1:21 mismatched input 'OWNER' expecting DBPROPERTIES near 'SET'"),
        ("DROP DATABASE x CASCADE y", "FAILED: ParseException line 1:24 missing EOF at 'y' near 'CASCADE'"),
    ],
)  # fmt: skip
def test_a_statement_of_another_form_is_refused_where_it_differs(failure: Failure, sql: str, message: str) -> None:
    assert failure(sql) == message
