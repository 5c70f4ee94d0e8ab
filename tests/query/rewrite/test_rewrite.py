"""The chain of rewrites: Trino's statements for Athena's."""

from dataclasses import replace

import pytest

from glue_local.query.failure import QueryFailed
from glue_local.query.rewrite import REWRITES, rewrite
from glue_local.query.session import Session

ARN = "glue:arn:aws:glue:us-east-1:{}:catalog"


def test_the_order_of_the_chain() -> None:
    assert [each.__name__ for each in REWRITES] == [
        "only_statement", "rewrite_explained", "rewrite_catalog_names",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "trino"),
    [
        ("SELECT 1", "SELECT 1"),
        ("SELECT 1 ; ;  ", "SELECT 1"),
        ("SELECT ';' -- ;", "SELECT ';' -- ;"),
        ("SELECT 1 -- a\n; -- b", "SELECT 1 -- a\n  -- b"),
        ('SELECT * FROM "AwsDataCatalog"."db"."t"', 'SELECT * FROM "AwsDataCatalog"."db"."t"'),
        ('SELECT AWSDATACATALOG.db.t.a FROM AWSDATACATALOG.db.t, "{account}".db.u', 'SELECT AWSDATACATALOG.db.t.a FROM AWSDATACATALOG.db.t, "awsdatacatalog".db.u'),
        ('SELECT * FROM db.t JOIN "{account}".db.u ON 1=1, "{account}".db.v', 'SELECT * FROM db.t JOIN "awsdatacatalog".db.u ON 1=1, "awsdatacatalog".db.v'),
        ('SELECT * FROM "{arn}".db.t', 'SELECT * FROM "awsdatacatalog".db.t'),
        ('INSERT INTO "Prod".db.t SELECT prod.address.city FROM db.u prod', 'INSERT INTO "awsdatacatalog".db.t SELECT prod.address.city FROM db.u prod'),
        ("SELECT 'AwsDataCatalog.db.t', \"AwsDataCatalog.db.t\"", "SELECT 'AwsDataCatalog.db.t', \"AwsDataCatalog.db.t\""),
        ('SELECT * FROM other.db.t', 'SELECT * FROM other.db.t'),
        ("SELECT 'unterminated", "SELECT 'unterminated"),
        ("EXPLAIN (FORMAT JSON) SELECT * FROM t", "EXPLAIN (FORMAT JSON) SELECT * FROM t"),
        (
            "EXPLAIN (TYPE IO) CREATE TABLE n WITH (format='ORC', external_location='s3://b/') AS SELECT 1 a",
            "EXPLAIN (TYPE IO) CREATE TABLE \"awsdatacatalog\".\"db\".\"n\" WITH (format = 'ORC', external_location = 's3://b/') AS SELECT 1 a",
        ),
    ],
)  # fmt: skip
def test_rewritten_statements(nowhere: Session, sql: str, trino: str) -> None:
    """querying-glue-catalog.html, athena-explain-statement.html"""
    session = replace(nowhere, catalogs={"prod": nowhere.catalog})
    given = sql.replace("{account}", session.account).replace("{arn}", ARN.format(session.account))
    assert rewrite(given, session) == trino


def test_a_catalog_of_another_account_is_refused_by_name(nowhere: Session) -> None:
    foreign = ARN.format("999999999999")
    with pytest.raises(QueryFailed, match=f"NotImplemented: catalog {foreign}"):
        rewrite(f'SELECT * FROM "{foreign}".tpch1000.customer', nowhere)


def test_the_catalog_of_another_caller_account(nowhere: Session) -> None:
    other = replace(nowhere, catalog="awsdatacatalog_111122223333_eu_west_1")
    assert rewrite("SELECT AwsDataCatalog.db.t.a FROM AwsDataCatalog.db.t", other) == (
        f'SELECT "{other.catalog}".db.t.a FROM "{other.catalog}".db.t'
    )


def test_several_statements_are_refused_with_athenas_message(nowhere: Session) -> None:
    with pytest.raises(QueryFailed, match="Only one sql statement is allowed. Got: SELECT 1; SELECT 2"):
        rewrite("SELECT 1; SELECT 2;", nowhere)
