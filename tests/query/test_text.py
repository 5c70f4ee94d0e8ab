"""Statement types, and binding of parameters."""

import pytest

from glue_local.query.failure import QueryFailed
from glue_local.query.text import bind, bound, classify, to_deallocate, to_prepare


@pytest.mark.parametrize(
    ("sql", "kind", "substatement"),
    [
        ("select 1", "DML", "SELECT"),
        ("-- a note\n/* and another */ WITH a AS (SELECT 1) SELECT * FROM a", "DML", "SELECT"),
        ("(select 1) union (select 2)", "DML", "SELECT"),
        ("insert into t values (1)", "DML", "INSERT"),
        ("create table t as select 1", "DDL", "CREATE_TABLE_AS_SELECT"),
        ("create table t with (format = 'ORC') as\n(select 1)", "DDL", "CREATE_TABLE_AS_SELECT"),
        ("CREATE EXTERNAL TABLE t (as_of string) LOCATION 's3://b/'", "DDL", "CREATE_TABLE"),
        ("create or replace view v as select 1", "DDL", "CREATE_VIEW"),
        ("drop table t", "DDL", "DROP_TABLE"),
        ("alter table t add partition (d='1')", "DDL", "ALTER_TABLE"),
        ("show partitions t", "UTILITY", "SHOW_PARTITIONS"),
        ("describe t", "UTILITY", "DESCRIBE_TABLE"),
        ("explain select 1", "UTILITY", "EXPLAIN"),
        ("merge into t using u on true when matched then delete", "DML", "MERGE"),
        ("selection", "DDL", "SELECTION"),
        ("", "DDL", "UNKNOWN"),
    ],
)
def test_a_statement_has_athenas_types(sql: str, kind: str, substatement: str) -> None:
    statement = classify(sql)
    assert (statement.kind, statement.substatement) == (kind, substatement)


def test_parameters_replace_question_marks_outside_quotes_and_comments() -> None:
    sql = """select ?, '?', "?" -- ?\n from t where a = ? /* ? */"""
    assert bind(sql, ["1", "'x'"]) == """select 1, '?', "?" -- ?\n from t where a = 'x' /* ? */"""


def test_a_wrong_number_of_parameters_fails() -> None:
    with pytest.raises(QueryFailed, match="expected 1 but found 2"):
        bind("select ?", ["1", "2"])


def test_execute_runs_the_prepared_statement() -> None:
    prepared = {"by_day": "select * from t where day = ? and n in (?)"}
    expected = "select * from t where day = date_add('day', 1, now()) and n in ('a, b')"
    assert bound("EXECUTE by_day USING date_add('day', 1, now()), 'a, b'", [], prepared) == expected
    assert bound("execute by_day", ["date_add('day', 1, now())", "'a, b'"], prepared) == expected
    assert bound("execute immediate 'select ''x'', ?' using 2", [], {}) == "select 'x', 2"
    with pytest.raises(QueryFailed, match="Prepared statement not found: other"):
        bound("execute other", [], prepared)


def test_without_parameters_a_question_mark_is_left_to_the_engine() -> None:
    assert bound("select ?", [], {}) == "select ?"


def test_prepare_and_deallocate_are_parsed() -> None:
    assert to_prepare("PREPARE p FROM select ?\n+ 1") == ("p", "select ?\n+ 1")
    assert to_deallocate("deallocate prepare p") == "p"
    assert to_prepare("select 1") is None
    assert to_deallocate("select 1") is None
