"""JDBC targets, on a real PostgreSQL server: https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.crawl.conftest import Lake, columns
from tests.postgres_server import PASSWORD, USER, PostgresServer, postgres_server

TABLES = """
CREATE DATABASE "shop-1";
"""
CONTENT = """
CREATE TABLE orders (id int PRIMARY KEY, price numeric(9,2), total numeric, note text, seen timestamptz, day date,
  ok boolean, raw bytea, tags text[], big bigint, small smallint, part real, whole double precision);
COMMENT ON TABLE orders IS 'all orders';
COMMENT ON COLUMN orders.note IS 'free text';
CREATE TABLE order_items (id int);
CREATE TABLE "orderXitems" (id int);
CREATE VIEW recent AS SELECT id FROM orders;
CREATE SCHEMA stock;
CREATE TABLE stock.parts (id uuid);
"""


@pytest.fixture(scope="module")
def database() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        server.sql(TABLES)
        server.sql(CONTENT, "shop-1")
        yield server


@pytest.fixture
def connection(lake: Lake, database: PostgresServer) -> str:
    """A connection to the server whose URL has another database than the include paths."""
    return connect(lake, f"jdbc:postgresql://localhost:{database.port}/postgres", USERNAME=USER, PASSWORD=PASSWORD)


def connect(lake: Lake, url: str, **properties: str) -> str:
    name = f"connection-{lake.bucket}"
    given = {"Name": name, "ConnectionType": "JDBC", "ConnectionProperties": {"JDBC_CONNECTION_URL": url, **properties}}
    lake.glue.create_connection(ConnectionInput=given)
    return name


def crawler(lake: Lake, connection: str, path: str, **more: Any) -> str:
    targets = {"JdbcTargets": [{"ConnectionName": connection, "Path": path, **more}]}
    return lake.create(Targets=targets, TablePrefix="raw_")


def test_a_schema_with_all_its_tables_and_views(lake: Lake, connection: str) -> None:
    name = crawler(lake, connection, "shop-1/public/%", Exclusions=["*_items"])
    lake.crawl_again(name)
    tables = lake.tables()
    assert set(tables) == {"raw_shop_1_public_orders", "raw_shop_1_public_orderxitems", "raw_shop_1_public_recent"}
    orders = tables["raw_shop_1_public_orders"]
    assert columns(orders) == {
        "id": "int",
        "price": "decimal(9,2)",
        "total": "decimal(38,18)",
        "note": "string",
        "seen": "timestamp",
        "day": "date",
        "ok": "boolean",
        "raw": "binary",
        "tags": "string",
        "big": "bigint",
        "small": "smallint",
        "part": "float",
        "whole": "double",
    }
    assert orders["StorageDescriptor"]["Location"] == "shop-1.public.orders"
    assert orders["Parameters"] == {
        "CrawlerSchemaSerializerVersion": "1.0",
        "CrawlerSchemaDeserializerVersion": "1.0",
        "UPDATED_BY_CRAWLER": name,
        "classification": "postgresql",
        "compressionType": "none",
        "connectionName": connection,
        "typeOfData": "table",
    }
    assert tables["raw_shop_1_public_recent"]["Parameters"]["typeOfData"] == "view"


def test_every_schema_one_table_and_a_name_with_an_underscore(lake: Lake, connection: str) -> None:
    lake.crawl_again(crawler(lake, connection, "shop-1/%/parts"))
    lake.crawl_again(crawler(lake, connection, "shop-1/public/order_items"))
    assert set(lake.tables()) == {"raw_shop_1_stock_parts", "raw_shop_1_public_order_items"}


def test_additional_metadata(lake: Lake, connection: str) -> None:
    # https://docs.aws.amazon.com/glue/latest/dg/table-properties-crawler.html
    path = "shop-1/public/orders"
    lake.crawl_again(crawler(lake, connection, path, EnableAdditionalMetadata=["COMMENTS", "RAWTYPES"]))
    table = lake.table()
    assert table["Parameters"]["aws:RawTableComment"] == "all orders"
    by_name = {each["Name"]: each.get("Parameters") for each in table["StorageDescriptor"]["Columns"]}
    assert by_name["note"] == {"aws:RawType": "text", "aws:RawColumnComment": "free text"}
    assert by_name["id"] == {"aws:RawType": "int4"}


def test_changed_and_dropped_tables(lake: Lake, connection: str, database: PostgresServer) -> None:
    database.sql(
        "CREATE SCHEMA changing; CREATE TABLE changing.one (a int); CREATE TABLE changing.two (a int)", "shop-1"
    )
    name = crawler(lake, connection, "shop-1/changing/%")
    lake.crawl_again(name)
    database.sql("ALTER TABLE changing.one ADD b text; DROP TABLE changing.two", "shop-1")
    lake.crawl_again(name)
    tables = lake.tables()
    assert columns(tables["raw_shop_1_changing_one"]) == {"a": "int", "b": "string"}
    assert "DEPRECATED_BY_CRAWLER" in tables["raw_shop_1_changing_two"]["Parameters"]


def test_a_login_in_a_secret(lake: Lake, database: PostgresServer, aws: Callable[..., Any]) -> None:
    secret = f'{{"username": "{USER}", "password": "{PASSWORD}"}}'
    aws("secretsmanager").create_secret(Name=f"login-{lake.bucket}", SecretString=secret)
    url = f"jdbc:postgresql://localhost:{database.port}/shop-1"
    connection = connect(lake, url, SECRET_ID=f"login-{lake.bucket}")
    lake.crawl_again(crawler(lake, connection, "shop-1/stock/%"))
    assert set(lake.tables()) == {"raw_shop_1_stock_parts"}


def test_what_cannot_be_crawled_fails_by_name(lake: Lake, connection: str) -> None:
    def message(name: str, path: str) -> str:
        last = lake.run(crawler(lake, name, path))["LastCrawl"]
        assert last["Status"] == "FAILED"
        return str(last["ErrorMessage"])

    assert 'database "nothing" does not exist' in message(connection, "nothing/public/%")
    assert "use database/schema/table" in message(connection, "a/b/c/d")
    assert "not found" in message("no-connection", "a/b/%")
    lake.glue.update_connection(
        Name=connection,
        ConnectionInput={
            "Name": connection,
            "ConnectionType": "JDBC",
            "ConnectionProperties": {"JDBC_CONNECTION_URL": "jdbc:mysql://localhost:3306/db"},
        },
    )
    assert "crawls only PostgreSQL and Amazon Redshift by JDBC yet, not mysql" in message(connection, "db/%")
