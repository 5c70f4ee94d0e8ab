"""The list of statements: complete, in order, and everything else refused by name."""

import contextlib
import re
from pathlib import Path
from types import ModuleType

import pytest

from glue_local.query import ddl
from glue_local.query.ddl import carry_out
from glue_local.query.ddl.refused import UNSUPPORTED
from glue_local.query.ddl.statements import STATEMENTS
from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.dialects import HiveStatements, TrinoStatements
from glue_local.query.hive.opening import opens
from glue_local.query.session import Session

FOLDER = Path(ddl.__file__).parent


def name(statement: ModuleType) -> str:
    return statement.__name__.rsplit(".", 1)[-1]


def test_every_file_is_in_the_list_once() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "statements", "refused"}
    assert sorted(name(statement) for statement in STATEMENTS) == sorted(files)


def test_every_file_names_the_page_that_it_follows() -> None:
    for statement in STATEMENTS:
        page = re.search(r"https://docs\.aws\.amazon\.com/athena/latest/ug/[\w-]+\.html", statement.__doc__ or "")
        assert page, name(statement)


@pytest.mark.parametrize(
    ("sql", "file"),
    [
        ("CREATE TABLE t AS SELECT 1 a", "create_table_as"),
        ("CREATE TABLE t WITH (format = 'ORC') AS (SELECT 1 a)", "create_table_as"),
        (
            "/* why */ create table if not exists db.t -- what\n as with x as (select 1 a) select * from x",
            "create_table_as",
        ),
        ("CREATE TABLE t (a string) STORED AS PARQUET", "create_table"),
        ("CREATE TABLE t (a int COMMENT 'as select') TBLPROPERTIES ('table_type'='ICEBERG')", "create_table"),
        ("CREATE EXTERNAL TABLE t (a int)", "create_external_table"),
        ("ALTER TABLE `x.y`.t PARTITION (dt=')') ADD COLUMNS (a int)", "alter_table_add_columns"),
        ("ALTER TABLE t PARTITION (a=1) RENAME TO PARTITION (a=2)", "alter_table_rename_partition"),
        ("ALTER TABLE t RENAME TO u", "alter_table_rename"),
        ("ALTER TABLE t ADD IF NOT EXISTS PARTITION (a=1)", "alter_table_add_partition"),
        ("ALTER TABLE t DROP IF EXISTS PARTITION (a=1)", "alter_table_drop_partition"),
        ("ALTER TABLE t DROP COLUMN a", "alter_table_drop_column"),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", "create_view"),
        ("UNLOAD (SELECT 1 a) TO 's3://b/' WITH (format='JSON')", "unload"),
    ],
)
def test_the_first_matching_module_is_the_right_one(sql: str, file: str) -> None:
    opening = (
        each for each in STATEMENTS if opens(Cursor(sql, getattr(each, "DIALECT", HiveStatements)), each.OPENING)
    )
    assert name(next(opening)) == file


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "(SELECT 1)",
        "WITH x AS (SELECT 1 a) SELECT * FROM x",
        "VALUES 1, 2",
        "INSERT INTO other.db.t SELECT '\\'",
        "DELETE FROM t WHERE a = 1",
        "UPDATE t SET a = 1",
        "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE",
        "EXPLAIN (FORMAT JSON) SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "SHOW FUNCTIONS",
        "-- only a comment before it\nSELECT 'MSCK REPAIR TABLE x; DROP TABLE y'",
        "SELEC 1",
        "SELECT 'a string that does not end",
    ],
)
def test_trinos_statements_are_left_to_the_engine(sql: str, nowhere: Session) -> None:
    assert carry_out(sql, nowhere) is None


def _example(opening: str) -> str:
    return opening.replace("<table>", "t").replace("[<partition>]", "PARTITION (a = 1)") + " x"


@pytest.mark.parametrize("opening", UNSUPPORTED)
def test_unsupported_ddl_html(opening: str, nowhere: Session) -> None:
    with pytest.raises(QueryFailed, match="Queries of this type are not supported: ") as caught:
        carry_out(_example(opening), nowhere)
    assert caught.value.message.split(": ")[1].split()[0] == opening.split()[0]
    assert caught.value.error_type == 1200


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT 1; SELECT 2", "Only one sql statement is allowed. Got: SELECT 1; SELECT 2"),
        ("DROP TABLE `a;b`; DROP TABLE b;", "Only one sql statement is allowed. Got: DROP TABLE `a;b`; DROP TABLE b"),
        ("", "line 1:1: The query is empty"),
        ("-- nothing\n;;", "line 1:1: The query is empty"),
        ("ALTER TABLE t FOO BAR", "FAILED: ParseException line 1:14 cannot recognize input near 'FOO' 'BAR' '<EOF>'"),
        ("ALTER TABLE t ADD COLUMN a int", "FAILED: ParseException line 1:14 cannot recognize input near 'ADD' 'COLUMN' 'a'"),
        ("DROP FOO t", "FAILED: ParseException line 1:0 cannot recognize input near 'DROP' 'FOO' 't'"),
        ("DROP TABLE 'x", "FAILED: ParseException line 1:0 cannot recognize input near 'DROP': a string or a comment does not end"),
        ("ALTER VIEW v ADD DIALECT AS SELECT 1", "NotImplemented: ALTER VIEW DIALECT: Data Catalog views need Lake Formation"),
        ("CREATE PROTECTED MULTI DIALECT VIEW v SECURITY DEFINER AS SELECT 1", "NotImplemented: CREATE PROTECTED MULTI DIALECT VIEW"),
        ("USING EXTERNAL FUNCTION f(x INT) RETURNS INT LAMBDA 'l' SELECT f(1)", "NotImplemented: USING EXTERNAL: Lambda functions"),
        ("CREATE TABLE t (a int)", "CREATE TABLE without EXTERNAL is for Iceberg tables only"),
    ],
)  # fmt: skip
def test_everything_else_fails_by_name(sql: str, message: str, nowhere: Session) -> None:
    with pytest.raises(QueryFailed) as caught:
        carry_out(sql, nowhere)
    assert caught.value.message.startswith(message) or message in caught.value.message


def test_comments_and_semicolons_around_a_statement(session: Session) -> None:
    outcome = carry_out("-- look; a comment\n/* DROP TABLE t; */ SHOW /* ; */ DATABASES -- end;\n; ;", session)
    assert outcome is not None
    assert outcome.rows == [["db"]]


def test_any_text_fails_with_a_message_or_is_left_to_the_engine(session: Session) -> None:
    words = [
        "ALTER",
        "TABLE",
        "`",
        "t",
        "(",
        ")",
        "'",
        "PARTITION",
        "ADD",
        "=",
        ",",
        ";",
        "CREATE",
        "SHOW",
        "\\",
        "EXTERNAL",
        "é",
    ]
    for seed in range(400):
        text = " ".join(words[(seed * 7919 + place * (seed + 3)) % len(words)] for place in range(seed % 12))
        with contextlib.suppress(QueryFailed):
            assert carry_out(text, session) is None or text


def test_dialects_terminate_strings_differently() -> None:
    assert len(Cursor(r"INSERT INTO t SELECT '\'", TrinoStatements).tokens) == 5
    with pytest.raises(QueryFailed):
        Cursor(r"INSERT INTO t SELECT '\'", HiveStatements)


@pytest.mark.parametrize("given", [{}, {"TableType": "VIRTUAL_VIEW"}, {"Parameters": {"table_type": "ICEBERG"}}])
def test_tables_with_missing_members_fail_with_a_message(session: Session, given: dict[str, object]) -> None:
    """Glue only requires a name."""
    session.glue.create_table(DatabaseName="db", TableInput={"Name": "bare", **given})
    for sql in (
        *(
            "DESCRIBE bare",
            "DESCRIBE FORMATTED bare",
            "DESCRIBE EXTENDED bare",
            "DESCRIBE bare a",
            "SHOW COLUMNS IN bare",
        ),
        *("SHOW CREATE TABLE bare", "SHOW CREATE VIEW bare", "SHOW PARTITIONS bare", "SHOW TBLPROPERTIES bare"),
        *("MSCK REPAIR TABLE bare", "ALTER TABLE bare ADD PARTITION (a=1)", "ALTER TABLE bare DROP PARTITION (a=1)"),
        *(
            "ALTER TABLE bare ADD COLUMNS (a int)",
            "ALTER TABLE bare REPLACE COLUMNS (a int)",
            "ALTER TABLE bare CHANGE a b int",
        ),
        *(
            "INSERT INTO bare SELECT 1",
            "OPTIMIZE bare REWRITE DATA USING BIN_PACK",
            "VACUUM bare",
            "SHOW TABLES",
            "SHOW VIEWS",
        ),
        *("ALTER TABLE bare SET LOCATION 's3://b/'", "ALTER TABLE bare SET TBLPROPERTIES ('a'='b')", "DROP TABLE bare"),
    ):
        with contextlib.suppress(QueryFailed):
            carry_out(sql, session)


def test_errors_of_the_catalog_are_reported(session: Session) -> None:
    with pytest.raises(QueryFailed, match="FAILED: Execution Error, return code 1 .*ValidationException"):
        carry_out(f"CREATE DATABASE `{'x' * 300}`", session)
