"""Athena's statements through boto3 on the real engine; results are read back by queries and from S3."""

import gzip
import io
from collections.abc import Callable
from typing import Any

import pyarrow.parquet as pq
import pytest
from pyarrow import orc

from tests.query.asking import Asking, asking

pytestmark = pytest.mark.engine


@pytest.fixture
def ask(athena_aws: Callable[..., Any]) -> Asking:
    return asking(athena_aws)


@pytest.fixture
def events(ask: Asking) -> Asking:
    """``events``: three rows of JSON in the partitions y=2020 and y=2021, found by MSCK REPAIR TABLE."""
    for key, body in (("2020/a", '{"id":1,"name":"x"}\n{"id":2,"name":"y"}\n'), ("2021/b", '{"id":3,"name":"z"}\n')):
        ask.s3.put_object(Bucket=ask.bucket, Key=f"events/y={key}.json", Body=body.encode())
    ask.succeed(
        f"""CREATE EXTERNAL TABLE events (id int, name string) PARTITIONED BY (y int)
        ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://{ask.bucket}/events/'"""
    )
    ask.succeed("MSCK REPAIR TABLE events")
    return ask


def written(ask: Asking, prefix: str) -> dict[str, bytes]:
    found = ask.s3.list_objects_v2(Bucket=ask.bucket, Prefix=prefix).get("Contents", [])
    return {each["Key"]: ask.content(f"s3://{ask.bucket}/{each['Key']}") for each in found}


def manifest(ask: Asking, query: dict[str, Any]) -> list[str]:
    return ask.content(query["Statistics"]["DataManifestLocation"]).decode().splitlines()


@pytest.mark.parametrize(
    ("row_format", "body", "rows"),
    [
        ("ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'", '{"a":"x","b":1}\n', [["x", "1"]]),
        ("ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'", '{"A":"x","b":1}\n', [["x", "1"]]),
        ("ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde' WITH SERDEPROPERTIES ('separatorChar'=';')", '"x;y";"1"\n', [["x;y", "1"]]),
        (r"ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' NULL DEFINED AS '-'", "x\t1\n-\t2\n", [["x", "1"], [None, "2"]]),
        (r"ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' WITH SERDEPROPERTIES ('input.regex'='^(\\w+) (\\d+)$')", "x 1\n", [["x", "1"]]),
    ],
)  # fmt: skip
def test_create_table_html_with_text_files(
    ask: Asking, row_format: str, body: str, rows: list[list[str | None]]
) -> None:
    ask.s3.put_object(Bucket=ask.bucket, Key="text/f", Body=body.encode())
    ask.succeed(f"CREATE EXTERNAL TABLE t (a string, b int) {row_format} LOCATION 's3://{ask.bucket}/text/'")
    assert ask.rows("SELECT * FROM t ORDER BY b")[1:] == rows


def test_partitions_and_projection(events: Asking) -> None:
    """partitions.html, partition-projection.html"""
    assert events.rows("SELECT name FROM events WHERE y = 2021") == [["name"], ["z"]]
    events.succeed("ALTER TABLE events DROP PARTITION (y = 2021)")
    assert events.rows("SELECT count(*) FROM events") == [["_col0"], ["2"]]
    events.succeed("ALTER TABLE events PARTITION (y = 2020) RENAME TO PARTITION (y = 1999)")
    assert events.rows("SELECT DISTINCT y FROM events") == [["y"], ["1999"]]
    events.succeed(
        "ALTER TABLE events SET TBLPROPERTIES ('projection.enabled'='true', 'projection.y.type'='integer', 'projection.y.range'='2020,2021')"
    )
    assert events.rows("SELECT y, count(*) c FROM events GROUP BY y ORDER BY y") == [
        ["y", "c"],
        ["2020", "2"],
        ["2021", "1"],
    ]


def test_create_table_as_html_and_insert_into_html(events: Asking) -> None:
    query = events.succeed(
        "CREATE TABLE copied WITH (format='ORC', write_compression='ZLIB', partitioned_by=ARRAY['y']) AS SELECT * FROM events"
    )
    assert (query["StatementType"], query["SubstatementType"]) == ("DDL", "CREATE_TABLE_AS_SELECT")
    own = f"results/tables/{query['QueryExecutionId']}/"
    files = written(events, own)
    assert sorted(manifest(events, query)) == [f"s3://{events.bucket}/{key}" for key in sorted(files)]
    assert {key.removeprefix(own).split("/")[0] for key in files} == {"y=2020", "y=2021"}
    assert {str(orc.ORCFile(io.BytesIO(content)).compression) for content in files.values()} == {"ZLIB"}
    events.succeed("INSERT INTO copied VALUES (4, 'w', 2022)")
    assert events.rows("SELECT id, y FROM copied ORDER BY id")[1:] == [
        ["1", "2020"],
        ["2", "2020"],
        ["3", "2021"],
        ["4", "2022"],
    ]
    events.succeed("DROP TABLE copied")
    assert len(written(events, own)) == 3, "an external table keeps its data"
    again = events.run(f"CREATE TABLE copied WITH (external_location='s3://{events.bucket}/{own}') AS SELECT 1 a")
    assert again["Status"]["StateChangeReason"].startswith("HIVE_PATH_ALREADY_EXISTS: Target directory for table")


def test_ctas_considerations_limitations_html_bucketed_tables(events: Asking) -> None:
    events.succeed("CREATE TABLE b WITH (bucketed_by=ARRAY['id'], bucket_count=2) AS SELECT id, name FROM events")
    assert "CLUSTERED BY ( \n  id) \nINTO 2 BUCKETS" in "\n".join(
        str(row[0]) for row in events.rows("SHOW CREATE TABLE b")
    )
    assert len(events.rows("SELECT * FROM b")) == 4
    refused = events.run("INSERT INTO b SELECT 9, 'no'")["Status"]["StateChangeReason"]
    assert refused == f"NOT_SUPPORTED: INSERT INTO is not supported for bucketed table {events.database}.b"


@pytest.mark.parametrize(
    ("options", "read"),
    [
        ("format='PARQUET', compression='SNAPPY'", lambda content: pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0).column(0).compression),
        ("format='ORC', compression='zstd'", lambda content: str(orc.ORCFile(io.BytesIO(content)).compression)),
        ("format='AVRO'", lambda content: content[:3].decode()),
        ("format='JSON'", lambda content: sorted(gzip.decompress(content).decode().splitlines())),
        ("format='TEXTFILE', field_delimiter='|'", lambda content: sorted(gzip.decompress(content).decode().splitlines())),
        ("format='TEXTFILE', compression='NONE', field_delimiter=','", lambda content: sorted(content.decode().splitlines())),
    ],
)  # fmt: skip
def test_unload_html(events: Asking, options: str, read: Callable[[bytes], Any]) -> None:
    query = events.succeed(
        f"UNLOAD (SELECT id, name FROM events WHERE y = 2020) TO 's3://{events.bucket}/out/' WITH ({options})"
    )
    assert (query["StatementType"], query["SubstatementType"]) == ("DML", "UNLOAD")
    files = written(events, "out/")
    assert manifest(events, query) == [f"s3://{events.bucket}/{key}" for key in files]
    expected: dict[str, Any] = {
        "format='PARQUET', compression='SNAPPY'": "SNAPPY",
        "format='ORC', compression='zstd'": "ZSTD",
        "format='AVRO'": "Obj",
        "format='JSON'": ['{"id":1,"name":"x"}', '{"id":2,"name":"y"}'],
        "format='TEXTFILE', field_delimiter='|'": ["1|x", "2|y"],
        "format='TEXTFILE', compression='NONE', field_delimiter=','": ["1,x", "2,y"],
    }
    assert [read(content) for content in files.values()] == [expected[options]]
    assert [name for [name] in events.rows("SHOW DATABASES LIKE 'unload*'")] == []


def test_unload_html_partitioned(events: Asking) -> None:
    events.succeed(
        f"UNLOAD (SELECT name, y FROM events) TO 's3://{events.bucket}/by/' WITH (format='JSON', partitioned_by=ARRAY['y'])"
    )
    rows = {key.split("/")[1]: gzip.decompress(content).decode() for key, content in written(events, "by/").items()}
    assert rows["y=2021"] == '{"name":"z"}\n'
    assert set(rows) == {"y=2020", "y=2021"}


@pytest.fixture
def ice(ask: Asking) -> Asking:
    ask.succeed(
        f"""CREATE TABLE ice (id int, ts timestamp, category string) PARTITIONED BY (category, bucket(4, id), month(ts))
        LOCATION 's3://{ask.bucket}/ice/' TBLPROPERTIES ('table_type'='ICEBERG', 'vacuum_max_snapshot_age_seconds'='1')"""
    )
    ask.succeed("INSERT INTO ice VALUES (1, TIMESTAMP '2020-01-01 00:00:00', 'a'), (2, NULL, 'b')")
    ask.succeed("INSERT INTO ice VALUES (3, TIMESTAMP '2020-01-02 00:00:00', 'a')")
    return ask


def test_iceberg_tables_change_and_are_optimized(ice: Asking) -> None:
    """querying-iceberg-updating-iceberg-table-data.html, optimize-statement.html, vacuum-statement.html"""
    ice.succeed("UPDATE ice SET category = 'c' WHERE id = 1")
    ice.succeed("DELETE FROM ice WHERE id = 2")
    ice.succeed(
        "MERGE INTO ice USING (VALUES (3, 'm'), (4, 'n')) AS new (id, category) ON ice.id = new.id WHEN MATCHED THEN UPDATE SET category = new.category WHEN NOT MATCHED THEN INSERT (id, category) VALUES (new.id, new.category)"
    )
    rows = [["1", "c"], ["3", "m"], ["4", "n"]]
    assert ice.rows("SELECT id, category FROM ice ORDER BY id")[1:] == rows
    ice.succeed("OPTIMIZE ice REWRITE DATA USING BIN_PACK")
    before = len(written(ice, "ice/data/"))
    ice.succeed(
        "ALTER TABLE ice SET TBLPROPERTIES ('vacuum_min_snapshots_to_keep'='2', 'vacuum_max_snapshot_age_seconds'='0')"
    )
    ice.succeed("ALTER TABLE ice UNSET TBLPROPERTIES ('vacuum_min_snapshots_to_keep')")
    ice.succeed("VACUUM ice")
    assert ice.rows('SELECT count(*) FROM "ice$snapshots"')[1:] == [["1"]]
    assert len(written(ice, "ice/data/")) < before
    assert ice.rows("SELECT id, category FROM ice ORDER BY id")[1:] == rows


def test_iceberg_tables_evolve(ice: Asking) -> None:
    """querying-iceberg-evolving-table-schema.html, querying-iceberg-managing-tables.html"""
    for form in (
        "ADD COLUMNS (more array<struct<x:double>>, gone string)",
        "CHANGE COLUMN id key bigint COMMENT 'the key'",
        "DROP COLUMN gone",
        "SET TBLPROPERTIES ('format'='orc', 'write_target_data_file_size_bytes'='536870912')",
    ):
        ice.succeed(f"ALTER TABLE ice {form}")
    ice.succeed("ALTER TABLE ice RENAME TO snow")
    ice.succeed("INSERT INTO snow (key, more) VALUES (9, ARRAY[CAST(ROW(0.5) AS ROW(x double))])")
    assert ice.rows("SELECT more FROM snow WHERE key = 9")[1:] == [["[{x=0.5}]"]]
    described = [str(row[0]) for row in ice.rows("DESCRIBE snow")]
    assert described[2:6] == [
        "key\tbigint\tthe key",
        "ts\ttimestamp\t",
        "category\tstring\t",
        "more\tarray<struct<x:double>>\t",
    ]
    assert described[-3:] == ["category\tidentity\tcategory", "id_bucket\tbucket[4]\tkey", "ts_month\tmonth\tts"]
    properties = dict(str(row[0]).split("\t") for row in ice.rows("SHOW TBLPROPERTIES snow"))
    assert properties["format"] == "orc"
    assert properties["vacuum_max_snapshot_age_seconds"] == "1"
    assert properties["write_target_data_file_size_bytes"] == "536870912"


def test_show_create_table_of_an_iceberg_table_recreates_it(ice: Asking) -> None:
    text = "\n".join(str(row[0]) for row in ice.rows("SHOW CREATE TABLE ice"))
    ice.succeed(text.replace("TABLE ice", "TABLE again").replace("/ice", "/again"))
    again = "\n".join(str(row[0]) for row in ice.rows("SHOW CREATE TABLE again"))
    assert again.replace("again", "ice") == text


def test_iceberg_tables_are_created_from_a_query_and_dropped_with_their_data(ice: Asking) -> None:
    """create-table-as.html, querying-iceberg-drop-table.html"""
    query = ice.succeed(
        f"""CREATE TABLE made WITH (table_type='ICEBERG', is_external=false, location='s3://{ice.bucket}/made/',
        format='PARQUET', write_compression='SNAPPY', partitioning=ARRAY['bucket(2, id)']) AS SELECT * FROM ice"""
    )
    assert len(manifest(ice, query)) == len(written(ice, "made/"))
    data = written(ice, "made/data/")
    assert {
        pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0).column(0).compression for content in data.values()
    } == {"SNAPPY"}
    assert "PARTITIONED BY (bucket(2, id)) " in [row[0] for row in ice.rows("SHOW CREATE TABLE made")]
    ice.succeed("DROP TABLE made")
    assert written(ice, "made/") == {}
    ice.succeed(f"DROP DATABASE {ice.database} CASCADE")
    assert written(ice, "ice/") == {}


def test_views(events: Asking) -> None:
    """create-view.html, show-create-view.html, describe-view.html"""
    events.succeed(f'CREATE VIEW v AS SELECT id, y FROM "AwsDataCatalog"."{events.database}"."events"')
    events.succeed("CREATE OR REPLACE VIEW v AS SELECT id, name n, current_timestamp t FROM events WHERE y = 2020")
    assert events.rows("SELECT id, n FROM v ORDER BY 1")[1:] == [["1", "x"], ["2", "y"]]
    columns = events.glue.get_table(DatabaseName=events.database, Name="v")["Table"]["StorageDescriptor"]["Columns"]
    assert columns == [{"Name": "id", "Type": "int"}, {"Name": "n", "Type": "string"}, {"Name": "t", "Type": "string"}]
    assert str(events.rows("DESCRIBE v")[2][0]).split("\t")[1].strip() == "timestamp(3) with time zone"
    text = "\n".join(str(row[0]) for row in events.rows("SHOW CREATE VIEW v"))
    events.succeed("DROP VIEW v")
    events.succeed(text)
    assert len(events.rows("SELECT * FROM v")) == 3


def test_a_catalog_can_be_named_in_every_form(events: Asking, athena_aws: Callable[..., Any]) -> None:
    """querying-glue-catalog.html: AwsDataCatalog, the account, its ARN, a registered name"""
    name = f"c{events.database}"
    events.athena.create_data_catalog(Name=name, Type="GLUE", Parameters={"catalog-id": "000000000000"})
    for catalog in ("AwsDataCatalog", "000000000000", "glue:arn:aws:glue:us-east-1:000000000000:catalog", name.upper()):
        assert events.rows(f'SELECT count(*) FROM "{catalog}".{events.database}."events"')[1:] == [["3"]], catalog
        events.succeed(f"SHOW TABLES IN `{catalog}`.{events.database}")


def test_prepared_statements_of_athenas_own_statements(events: Asking) -> None:
    """sql-prepare.html, sql-execute.html, sql-deallocate-prepare.html; unload.html: UNLOAD can be used with prepared statements"""
    name = f"p{events.database}"
    events.succeed(
        f"PREPARE {name} FROM UNLOAD (SELECT id FROM events WHERE name = ?) TO 's3://{events.bucket}/p/' WITH (format='JSON')"
    )
    query = events.succeed(f"EXECUTE {name} USING 'z'")
    assert query["SubstatementType"] == "UNLOAD"
    assert [gzip.decompress(content) for content in written(events, "p/").values()] == [b'{"id":3}\n']
    events.succeed(f"DEALLOCATE PREPARE {name}")
    assert name in events.run(f"EXECUTE {name} USING 'z'")["Status"]["StateChangeReason"]


def test_explain_html(events: Asking) -> None:
    """athena-explain-statement.html"""
    for sql in (
        "EXPLAIN SELECT * FROM events",
        "EXPLAIN ANALYZE SELECT * FROM events",
        "EXPLAIN CREATE TABLE x WITH (format='ORC') AS SELECT * FROM events",
    ):
        query = events.succeed(sql)
        assert (query["StatementType"], query["SubstatementType"]) == ("UTILITY", "EXPLAIN")
        assert "events" in events.content(query["ResultConfiguration"]["OutputLocation"]).decode()
    assert events.rows("SHOW TABLES 'x'") == []


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("USE db", "Queries of this type are not supported: USE"),
        ("ALTER TABLE nothing ADD COLUMNS (a int)", "FAILED: SemanticException [Error 10001]: Table not found "),
        ("DROP TABLE", "FAILED: ParseException line 1:10 cannot recognize input near '<EOF>'"),
        ("SELECT 1; SELECT 2", "Only one sql statement is allowed. Got: SELECT 1; SELECT 2"),
    ],
)
def test_failures_have_their_reason(ask: Asking, sql: str, reason: str) -> None:
    status = ask.run(sql)["Status"]
    assert status["StateChangeReason"].startswith(reason)
    assert status["AthenaError"]["ErrorCategory"] == 2
