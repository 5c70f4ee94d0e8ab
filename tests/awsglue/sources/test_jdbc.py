"""Read and write tables of a real PostgreSQL server, with bookmarks on their keys."""

from collections.abc import Iterator
from typing import Any

import pytest
from pyspark.sql import SparkSession

from awsglue.bookmarks import Bookmarks, MemoryStorage
from awsglue.context import GlueContext
from awsglue.sources import jdbc
from tests.postgres_server import postgres_server


class Database:
    """The PostgreSQL server of this test module."""

    def __init__(self, spark: SparkSession, port: int) -> None:
        self._jvm: Any = spark.sparkContext._jvm
        self.url = f"jdbc:postgresql://localhost:{port}/postgres"
        self.login = {"user": "postgres", "password": "secret"}

    def sql(self, *statements: str) -> None:
        """Execute statements one by one."""
        driver = self._jvm.org.postgresql.Driver()
        properties = self._jvm.java.util.Properties()
        for name, value in self.login.items():
            properties.setProperty(name, value)
        connection = driver.connect(self.url, properties)
        try:
            for statement in statements:
                connection.createStatement().execute(statement)
        finally:
            connection.close()


@pytest.fixture(scope="module")
def database(spark: SparkSession) -> Iterator[Database]:
    with postgres_server() as server:
        yield Database(spark, server.port)


@pytest.fixture
def points(database: Database) -> str:
    database.sql(
        "DROP TABLE IF EXISTS points",
        "CREATE TABLE points (id int PRIMARY KEY, road text, seen timestamp)",
        "INSERT INTO points VALUES (1, 'R1', '2026-11-02'), (2, 'E40', '2026-11-02'), (3, NULL, '2026-11-01')",
    )
    return "points"


def read(context: GlueContext, database: Database, table: str, **options: Any) -> list[int]:
    where = {"url": database.url, **database.login, "dbtable": table, **options}
    frame = context.create_dynamic_frame.from_options("postgresql", where, transformation_ctx="points")
    return sorted(row["id"] for row in frame.toDF().collect())


class Runs:
    """Runs of one job with a common bookmark."""

    def __init__(self, context: GlueContext) -> None:
        self._context, self._storage = context, MemoryStorage()

    def begin(self) -> None:
        """Start a run."""
        self._context.bookmarks = Bookmarks("job", self._storage)

    def commit(self) -> None:
        """End the run with a commit."""
        assert self._context.bookmarks is not None
        self._context.bookmarks.commit()


@pytest.fixture
def runs(glue_context: GlueContext) -> Runs:
    return Runs(glue_context)


def test_a_table_is_read_with_its_types(glue_context: GlueContext, database: Database, points: str) -> None:
    source = glue_context.getSource("postgresql", url=database.url, **database.login, dbtable=points)
    assert [field.dataType.typeName() for field in source.getFrame().schema()] == ["int", "string", "timestamp"]
    (one,) = source.getSampleFrame(1)
    assert set(one) == {"id", "road", "seen"}
    assert read(glue_context, database, points) == [1, 2, 3]


def test_the_primary_key_is_the_bookmark(
    glue_context: GlueContext, database: Database, points: str, runs: Runs
) -> None:
    runs.begin()
    assert read(glue_context, database, points) == [1, 2, 3]
    runs.commit()
    database.sql("INSERT INTO points VALUES (10, 'x', NULL)")
    runs.begin()
    assert read(glue_context, database, points) == [10]  # and this run fails
    runs.begin()
    assert read(glue_context, database, points) == [10]
    runs.commit()
    runs.begin()
    assert read(glue_context, database, points) == []


def test_rows_added_during_a_read_belong_to_the_next_run(
    glue_context: GlueContext, database: Database, points: str, runs: Runs
) -> None:
    runs.begin()
    where = {"url": database.url, **database.login, "dbtable": points}
    frame = glue_context.create_dynamic_frame.from_options("postgresql", where, transformation_ctx="points")
    database.sql("INSERT INTO points VALUES (4, 'x', NULL)")
    assert frame.count() == 3
    runs.commit()
    runs.begin()
    assert read(glue_context, database, points) == [4]


def test_several_keys_and_both_orders(glue_context: GlueContext, database: Database, points: str, runs: Runs) -> None:
    keys = {"jobBookmarkKeys": ["seen", "id"], "jobBookmarkKeysSortOrder": "asc"}
    runs.begin()
    read(glue_context, database, points, **keys)
    runs.commit()
    database.sql("INSERT INTO points VALUES (0, 'a', '2026-11-02'), (4, 'b', '2026-11-02'), (5, 'c', '2026-11-03')")
    runs.begin()
    assert read(glue_context, database, points, **keys) == [4, 5]
    falling = {"jobBookmarkKeys": ["id"], "jobBookmarkKeysSortOrder": "desc"}
    other = Runs(glue_context)
    other.begin()
    read(glue_context, database, points, **falling)
    other.commit()
    database.sql("INSERT INTO points VALUES (-1, 'd', NULL), (6, 'e', NULL)")
    other.begin()
    assert read(glue_context, database, points, **falling) == [-1]


def test_an_unknown_bookmark_key_is_named(
    glue_context: GlueContext, database: Database, points: str, runs: Runs
) -> None:
    runs.begin()
    with pytest.raises(ValueError, match="'nope'"):
        read(glue_context, database, points, jobBookmarkKeys=["nope"])


def test_frames_are_appended_through_a_connection(
    glue_context: GlueContext, database: Database, points: str, aws: Any, aws_environment: None, frame: Any
) -> None:
    properties = {
        "JDBC_CONNECTION_URL": database.url.replace("/postgres", "/nowhere"),
        "USERNAME": database.login["user"],
        "PASSWORD": database.login["password"],
    }
    given = {"Name": "traffic", "ConnectionType": "JDBC", "ConnectionProperties": properties}
    aws("glue").create_connection(ConnectionInput=given)
    conf = glue_context.extract_jdbc_conf("traffic")
    assert (conf["vendor"], conf["user"], conf["password"]) == ("postgresql", "postgres", "secret")
    assert (conf["url"] + "/nowhere", conf["fullUrl"]) == (properties["JDBC_CONNECTION_URL"],) * 2
    new = frame('{"id": 7, "road": "A12"}').apply_mapping([("id", "long", "id", "int"), ("road", "road")])
    options = {"dbtable": points, "database": "postgres"}
    glue_context.write_dynamic_frame.from_jdbc_conf(new, catalog_connection="traffic", connection_options=options)
    assert read(glue_context, database, points) == [1, 2, 3, 7]
    through = {"useConnectionProperties": "true", "connectionName": "traffic", "dbtable": points, **options}
    found = glue_context.create_dynamic_frame.from_options("postgresql", through)
    assert found.count() == 4


@pytest.mark.usefixtures("without_redshifts_driver")
def test_missing_options_are_named(glue_context: GlueContext, database: Database) -> None:
    def count(connection_type: str, **options: Any) -> None:
        glue_context.create_dynamic_frame.from_options(connection_type, options).count()

    with pytest.raises(ValueError, match="dbtable"):
        count("postgresql", url=database.url)
    with pytest.raises(ValueError, match=r"com\.mysql\.cj\.jdbc\.Driver for mysql is not on the class path"):
        count("mysql", url="jdbc:mysql://localhost/x", dbtable="t")
    with pytest.raises(ValueError, match="className"):
        count("custom.jdbc", url="jdbc:other:x", dbtable="t")
    with pytest.raises(ValueError, match=r"jdbc:redshift:iam://x/y: IAM login needs Redshift's own driver"):
        count("redshift", url="jdbc:redshift:iam://x/y", dbtable="t")
    with pytest.raises(NotImplementedError, match="dataTypeMapping"):
        count("custom.jdbc", url=database.url, dbtable="t", dataTypeMapping={"FLOAT": "STRING"})


def test_queries_and_predicates_select_rows(glue_context: GlueContext, database: Database, points: str) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-jdbc-home.html"""
    sample = f"select * from {points} where"
    assert read(glue_context, database, points, sampleQuery=f"{sample} id > 1") == [2, 3]
    partitioned = {"enablePartitioningForSampleQuery": True, "hashexpression": "id", "hashpartitions": "10"}
    assert read(glue_context, database, points, sampleQuery=sample, **partitioned) == [1, 2, 3]
    assert read(glue_context, database, points, filterPredicate="road = 'E40'") == [2]


def test_the_other_spelling_of_the_sort_order(
    glue_context: GlueContext, database: Database, points: str, runs: Runs
) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/programming-etl-connect-bookmarks.html"""
    keys = {"jobBookmarkKeys": ["id"], "jobBookmarksKeysSortOrder": "desc"}
    runs.begin()
    assert read(glue_context, database, points, **keys) == [1, 2, 3]
    runs.commit()
    database.sql("INSERT INTO points VALUES (0, 'x', NULL), (4, 'x', NULL)")
    runs.begin()
    assert read(glue_context, database, points, **keys) == [0]


def test_a_custom_driver_path_names_extra_jars(glue_context: GlueContext, database: Database) -> None:
    with pytest.raises(
        NotImplementedError,
        match=r"customJdbcDriverS3Path is not emulated: add the driver with --extra-jars s3://j/d\.jar",
    ):
        read(glue_context, database, "points", customJdbcDriverS3Path="s3://j/d.jar")


@pytest.fixture
def without_redshifts_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine may have the real driver, which PostgreSQL's driver would not replace."""
    monkeypatch.setitem(jdbc._DRIVERS, "redshift", "com.amazon.redshift.Absent")


@pytest.mark.usefixtures("without_redshifts_driver")
def test_redshift_runs_actions_around_a_write(
    glue_context: GlueContext, database: Database, points: str, frame: Any, aws: Any, aws_environment: None
) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-redshift-home.html

    A PostgreSQL server stands in for Redshift, and PostgreSQL's driver for Redshift's.
    """
    url = database.url.replace("jdbc:postgresql:", "jdbc:redshift:")
    options = {
        **{"url": url, **database.login, "redshiftTmpDir": "s3://temporary/", "aws_iam_role": "arn:aws:iam::1:role/r"},
        **{"dbtable": "stage", "extracopyoptions": "COMPUPDATE OFF"},
        "preactions": "DROP TABLE IF EXISTS stage; CREATE TABLE stage (id int, road text);",
        "postactions": f"DELETE FROM {points} USING stage WHERE {points}.id = stage.id; "
        f"INSERT INTO {points} (id, road) SELECT id, road FROM stage; DROP TABLE stage;",
    }
    new = frame('{"id": 3, "road": "A12"}', '{"id": 4, "road": "E19"}').apply_mapping(
        [("id", "id", "int"), ("road", "road")]
    )
    glue_context.write_dynamic_frame.from_options(new, "redshift", options)
    source = {"url": url, **database.login, "redshiftTmpDir": "s3://temporary/"}
    found = glue_context.create_dynamic_frame.from_options(
        "redshift", {**source, "query": f"select id, road from {points} where id > 2"}
    )
    assert sorted((row["id"], row["road"]) for row in found.toDF().collect()) == [(3, "A12"), (4, "E19")]
    with pytest.raises(NotImplementedError, match="extracopyoptions 'TRUNCATECOLUMNS' is not emulated"):
        glue_context.write_dynamic_frame.from_options(
            new, "redshift", {**source, "dbtable": "stage", "extracopyoptions": "TRUNCATECOLUMNS"}
        )
    properties = {"JDBC_CONNECTION_URL": url, "USERNAME": "postgres", "PASSWORD": "secret"}
    aws("glue").create_connection(
        ConnectionInput={"Name": "warehouse", "ConnectionType": "JDBC", "ConnectionProperties": properties}
    )
    glue_context.write_dynamic_frame.from_jdbc_conf(
        new,
        catalog_connection="warehouse",
        connection_options={"dbtable": points, "database": "postgres", "preactions": f"TRUNCATE TABLE {points}"},
        redshift_tmp_dir="s3://temporary/",
    )
    assert read(glue_context, database, points) == [3, 4]
