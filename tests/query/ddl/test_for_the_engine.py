"""The engine's statements for Iceberg tables, CTAS, UNLOAD and prepared statements."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from glue_local.query.ddl import carry_out
from glue_local.query.failure import QueryFailed
from glue_local.query.session import Session
from glue_local.query.statement import Outcome, Rows

Run = Callable[[str], Outcome]
Failure = Callable[[str], str]

ICE = '"awsdatacatalog_iceberg"."db"."ice"'


@pytest.fixture
def ice(session: Session, bucket: str) -> None:
    """An Iceberg table as Trino stores it in the catalog and in S3."""
    metadata = {
        "properties": {"write.format.default": "PARQUET", "write.parquet.compression-codec": "zstd", "vacuum_min_snapshots_to_keep": "3", "commit.retry.num-retries": "4"},
        "snapshots": [{"timestamp-ms": 1587610500000 - 100000 * n} for n in range(6)],
        "current-schema-id": 1,
        "schemas": [{"schema-id": 1, "fields": [{"id": 1, "name": "id"}, {"id": 2, "name": "ts"}, {"id": 3, "name": "category"}]}],
        "default-spec-id": 2,
        "partition-specs": [{"spec-id": 2, "fields": [
            {"name": "category", "transform": "identity", "source-id": 3},
            {"name": "id_bucket", "transform": "bucket[16]", "source-id": 1},
            {"name": "ts_day", "transform": "day", "source-id": 2},
        ]}],
    }  # fmt: skip
    session.s3.put_object(Bucket=bucket, Key="ice/metadata/1.metadata.json", Body=json.dumps(metadata).encode())
    columns = [
        {"Name": "id", "Type": "int", "Comment": "key"},
        {"Name": "ts", "Type": "timestamp"},
        {"Name": "category", "Type": "string"},
    ]
    session.glue.create_table(
        DatabaseName="db",
        TableInput={
            "Name": "ice",
            "TableType": "EXTERNAL_TABLE",
            "StorageDescriptor": {"Columns": columns, "Location": f"s3://{bucket}/ice"},
            "Parameters": {"table_type": "ICEBERG", "metadata_location": f"s3://{bucket}/ice/metadata/1.metadata.json"},
        },
    )


def test_querying_iceberg_creating_tables_html(run: Run, engine: Any) -> None:
    run(
        """CREATE TABLE iceberg_table (id int COMMENT 'it''s', data string, category string, at timestamp, s struct<x:array<double>>)
        PARTITIONED BY (category, bucket(16,id), day(at), truncate(4, data)) LOCATION 's3://amzn-s3-demo-bucket/iceberg-folder'
        TBLPROPERTIES ('table_type'='ICEBERG', 'format'='parquet', 'write_compression'='snappy',
          'write_target_data_file_size_bytes'='536870912', 'optimize_rewrite_delete_file_threshold'='10')"""
    )
    assert engine.statements == [
        'CREATE TABLE "awsdatacatalog_iceberg"."db"."iceberg_table" ("id" integer COMMENT \'its\', "data" varchar, '
        '"category" varchar, "at" timestamp(6), "s" row(x array(double))) WITH (format = \'PARQUET\', '
        "extra_properties = MAP(ARRAY['write_target_data_file_size_bytes', 'optimize_rewrite_delete_file_threshold'], "
        "ARRAY['536870912', '10']), "
        "location = 's3://amzn-s3-demo-bucket/iceberg-folder', "
        "partitioning = ARRAY['category', 'bucket(id, 16)', 'day(at)', 'truncate(data, 4)'])"
    ]
    assert engine.properties == [{"awsdatacatalog_iceberg.compression_codec": "SNAPPY"}]


@pytest.mark.parametrize(
    ("clauses", "message"),
    [
        ("(a int) LOCATION 's3://b/' TBLPROPERTIES ('table_type'='ICEBERG', 'x'='y')", "Unsupported table property key: x"),
        ("(a int) TBLPROPERTIES ('table_type'='ICEBERG')", "An Iceberg table needs a location"),
        ("(a int) PARTITIONED BY (b int) LOCATION 's3://b/' TBLPROPERTIES ('table_type'='ICEBERG')", "names columns of the table"),
        ("(a int) STORED AS ORC LOCATION 's3://b/' TBLPROPERTIES ('table_type'='ICEBERG')", "An Iceberg table has no ROW FORMAT"),
        ("(a int) PARTITIONED BY (week(a)) LOCATION 's3://b/' TBLPROPERTIES ('table_type'='ICEBERG')", "unknown transform"),
    ],
)  # fmt: skip
def test_refused_iceberg_tables(failure: Failure, engine: Any, clauses: str, message: str) -> None:
    assert message in failure(f"CREATE TABLE t {clauses}")
    assert engine.statements == []


@pytest.mark.usefixtures("ice")
@pytest.mark.parametrize(
    ("form", "statements"),
    [
        ("ADD COLUMNS (comment string, more array<int>)", ['ALTER TABLE {} ADD COLUMN "comment" varchar', 'ALTER TABLE {} ADD COLUMN "more" array(integer)']),
        ("DROP COLUMN category", ['ALTER TABLE {} DROP COLUMN "category"']),
        ("CHANGE id key bigint COMMENT 'new'", [
            'ALTER TABLE {} RENAME COLUMN "id" TO "key"',
            'ALTER TABLE {} ALTER COLUMN "key" SET DATA TYPE bigint',
            "COMMENT ON COLUMN {}.\"key\" IS 'new'",
        ]),
        ("CHANGE COLUMN id id int", []),
        ("RENAME TO db2.other", ['ALTER TABLE {} RENAME TO "awsdatacatalog_iceberg"."db2"."other"']),
        ("SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds'='60')", [
            "ALTER TABLE {} SET PROPERTIES extra_properties = MAP(ARRAY['vacuum_max_snapshot_age_seconds'], ARRAY['60'])"
        ]),
        ("UNSET TBLPROPERTIES ('vacuum_min_snapshots_to_keep')", [
            "ALTER TABLE {} SET PROPERTIES extra_properties = MAP(ARRAY['vacuum_min_snapshots_to_keep'], ARRAY[''])"
        ]),
        ("SET TBLPROPERTIES ('format'='orc', 'write_compression'='SNAPPY')", [
            "ALTER TABLE {} SET PROPERTIES extra_properties = MAP(ARRAY['write_compression'], ARRAY['SNAPPY']), format = 'ORC'"
        ]),
    ],
)  # fmt: skip
def test_querying_iceberg_evolving_and_managing_tables_html(
    run: Run, engine: Any, form: str, statements: list[str]
) -> None:
    run(f"ALTER TABLE ice {form}")
    assert engine.statements == [statement.format(ICE) for statement in statements]


@pytest.mark.usefixtures("ice")
@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("REPLACE COLUMNS (a int)", "ALTER TABLE REPLACE COLUMNS is not supported for Iceberg table db.ice"),
        ("ADD PARTITION (a=1)", "ALTER TABLE ADD PARTITION is not supported for Iceberg table db.ice"),
        ("SET LOCATION 's3://b/'", "ALTER TABLE SET LOCATION is not supported for Iceberg table db.ice"),
        ("CHANGE id id int FIRST", "NotImplemented: ALTER TABLE CHANGE COLUMN … FIRST | AFTER"),
        ("CHANGE none id int", "Invalid column reference none"),
        ("SET TBLPROPERTIES ('owner'='me')", "Unsupported table property key: owner"),
    ],
)
def test_forms_that_iceberg_tables_do_not_have(failure: Failure, engine: Any, form: str, message: str) -> None:
    assert message in failure(f"ALTER TABLE ice {form}")
    assert engine.statements == []


@pytest.mark.usefixtures("ice")
def test_describe_and_show_of_an_iceberg_table(run: Run, bucket: str) -> None:
    assert run("DESCRIBE ice").text.splitlines() == [
        "# Table schema:\t\t", "# col_name\tdata_type\tcomment", "id\tint\tkey", "ts\ttimestamp\t", "category\tstring\t", "\t\t",
        "# Partition spec:\t\t", "# field_name\tfield_transform\tcolumn_name",
        "category\tidentity\tcategory", "id_bucket\tbucket[16]\tid", "ts_day\tday\tts",
    ]  # fmt: skip
    assert f"location\ts3://{bucket}/ice\t" in run("DESCRIBE FORMATTED ice").text
    assert (
        run("SHOW TBLPROPERTIES ice").text
        == "format\tparquet\nwrite_compression\tzstd\nvacuum_min_snapshots_to_keep\t3\n"
    )
    assert run("SHOW CREATE TABLE db.ice").text == (
        "CREATE TABLE db.ice (\n  id int COMMENT 'key', \n  ts timestamp, \n  category string)\n"
        "PARTITIONED BY (`category`, bucket(16, id), day(ts)) \n"
        f"LOCATION 's3://{bucket}/ice'\n"
        "TBLPROPERTIES (\n  'table_type'='iceberg', \n  'format'='parquet', \n  'write_compression'='zstd', \n"
        "  'vacuum_min_snapshots_to_keep'='3')\n"
    )


@pytest.mark.usefixtures("ice")
def test_drop_optimize_and_vacuum(run: Run, engine: Any, failure: Failure) -> None:
    """querying-iceberg-drop-table.html, optimize-statement.html, vacuum-statement.html"""
    assert run('OPTIMIZE "db"."ice" REWRITE DATA USING BIN_PACK WHERE category = \'c1\' AND id > 1').kind == "DML"
    run("VACUUM ice")
    run("DROP TABLE ice")
    run("OPTIMIZE ice REWRITE DATA USING BIN_PACK;")
    assert engine.statements == [
        f"ALTER TABLE {ICE} EXECUTE optimize WHERE category = 'c1' AND id > 1",
        f"ALTER TABLE {ICE} EXECUTE expire_snapshots(retention_threshold => '432000s')",
        f"ALTER TABLE {ICE} EXECUTE remove_orphan_files(retention_threshold => '432000s')",
        f"DROP TABLE {ICE}",
        f"ALTER TABLE {ICE} EXECUTE optimize",
    ]
    assert engine.properties[1] == {"awsdatacatalog_iceberg.expire_snapshots_min_retention": "0s"}
    run("CREATE EXTERNAL TABLE plain (a int) LOCATION 's3://b/'")
    assert failure("VACUUM plain") == "NOT_SUPPORTED: VACUUM only supports Iceberg tables, and db.plain is not one"
    assert "expecting REWRITE" in failure("OPTIMIZE ice")


@pytest.mark.parametrize(
    ("properties", "trino", "codec"),
    [
        ("", "format = 'PARQUET', external_location = '{own}'", "GZIP"),
        ("WITH (format = 'ORC', write_compression = 'ZLIB', external_location='s3://{bucket}/x/')", "format = 'ORC', external_location = 's3://{bucket}/x/'", "GZIP"),
        ("WITH (format = 'Parquet', parquet_compression = 'SNAPPY')", "format = 'PARQUET', external_location = '{own}'", "SNAPPY"),
        ("WITH (format='TEXTFILE', field_delimiter='|', table_type='HIVE', is_external=true)", "format = 'TEXTFILE', external_location = '{own}', textfile_field_separator = '|'", "GZIP"),
        ("WITH (format='JSON', partitioned_by = ARRAY['a', 'b'])", "format = 'JSON', external_location = '{own}', partitioned_by = ARRAY['a', 'b']", "GZIP"),
        ("WITH (bucketed_by=ARRAY['a'], bucket_count = 3, write_compression='ZSTD', compression_level=6)", "format = 'PARQUET', external_location = '{own}', bucketed_by = ARRAY['a'], bucket_count = 3", "ZSTD"),
    ],
)  # fmt: skip
def test_create_table_as_html(
    run: Run, engine: Any, session: Session, bucket: str, properties: str, trino: str, codec: str
) -> None:
    own = f"s3://{bucket}/results/tables/{session.query_id}/"
    engine.answers = [Rows(update_type="CREATE TABLE", update_count=7)]
    outcome = run(
        f"CREATE TABLE new_table {properties.format(bucket=bucket)} AS SELECT a, '\\' b FROM \"{session.account}\".db.old;"
    )
    assert engine.statements == [
        f'CREATE TABLE "awsdatacatalog"."db"."new_table" WITH ({trino.format(own=own, bucket=bucket)}) '
        "AS SELECT a, '\\' b FROM \"awsdatacatalog\".db.old"
    ]
    assert engine.properties == [{"awsdatacatalog.compression_codec": codec}]
    assert (outcome.substatement, outcome.update_count, outcome.manifest) == ("CREATE_TABLE_AS_SELECT", 7, [])


def test_create_table_as_html_of_an_iceberg_table(run: Run, engine: Any, bucket: str) -> None:
    run(
        f"""CREATE TABLE db.ctas_iceberg WITH (table_type = 'ICEBERG', location = 's3://{bucket}/ctas/', is_external = false,
        format = 'ORC', write_compression = 'ZSTD', partitioning = ARRAY['bucket(16, id)', 'day(at)', 'name'],
        vacuum_max_snapshot_age_seconds = 60) AS SELECT 1 id WITH NO DATA"""
    )
    assert engine.statements == [
        'CREATE TABLE "awsdatacatalog_iceberg"."db"."ctas_iceberg" WITH (format = \'ORC\', '
        "extra_properties = MAP(ARRAY['vacuum_max_snapshot_age_seconds'], ARRAY['60']), "
        f"location = 's3://{bucket}/ctas/', partitioning = ARRAY['bucket(id, 16)', 'day(at)', 'name']) "
        "AS SELECT 1 id WITH NO DATA"
    ]
    assert engine.properties == [{"awsdatacatalog_iceberg.compression_codec": "ZSTD"}]


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("table_type='ICEBERG', location='s3://b/'", "is_external must be false for an Iceberg table"),
        ("table_type='DELTA'", "table_type must be HIVE or ICEBERG, not DELTA"),
        ("is_external=false", "is_external must be true for a Hive table"),
        ("formats='ORC'", "CREATE TABLE AS has no property 'formats'"),
        ("format=3", "property 'format' must be a string in single quotes"),
        ("partitioned_by='a'", "property 'partitioned_by' must be ARRAY['…']"),
        ("write_compression='BZIP2'", "NotImplemented: CREATE TABLE AS with compression BZIP2"),
        ("table_type='ICEBERG', is_external=false, owner='x'", "Unsupported table property key: owner"),
        ("external_location='s3://{bucket}/taken/'", "HIVE_PATH_ALREADY_EXISTS: Target directory for table 'db.new' already exists: s3://{bucket}/taken/"),
    ],
)  # fmt: skip
def test_refused_create_table_as(
    failure: Failure, engine: Any, put: Callable[..., None], bucket: str, properties: str, message: str
) -> None:
    put("taken/file")
    assert message.format(bucket=bucket) in failure(
        f"CREATE TABLE new WITH ({properties.format(bucket=bucket)}) AS SELECT 1 a"
    )
    assert engine.statements == []


def test_create_table_as_in_a_work_group_that_enforces_its_location(session: Session) -> None:
    with pytest.raises(QueryFailed, match="was submitted with an 'external_location' property"):
        carry_out(
            "CREATE TABLE t WITH (external_location='s3://b/') AS SELECT 1 a", replace(session, enforced_location=True)
        )


def test_create_table_as_for_an_existing_table(run: Run, failure: Failure, engine: Any) -> None:
    run("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/'")
    assert failure("CREATE TABLE t AS SELECT 1 a").endswith("Destination table 'awsdatacatalog.db.t' already exists")
    assert run("CREATE TABLE IF NOT EXISTS t AS SELECT 1 a").update_count == 0
    assert engine.statements == []


def test_unload_html(run: Run, engine: Any, session: Session, bucket: str) -> None:
    engine.answers = [Rows(update_count=2)]
    outcome = run(
        f"""UNLOAD (SELECT name1, key1 FROM table1 WHERE x = ')') TO 's3://{bucket}/partitioned/'
        WITH (format = 'TEXTFILE', compression = 'gzip', field_delimiter = ',', partitioned_by = ARRAY['key1'])"""
    )
    scratch = f'"unload_{session.query_id.replace("-", "_")}"'
    assert engine.statements == [
        f'CREATE TABLE "awsdatacatalog".{scratch}."unload" WITH (format = \'TEXTFILE\', '
        f"external_location = 's3://{bucket}/partitioned/', textfile_field_separator = ',', partitioned_by = ARRAY['key1']) "
        "AS (SELECT name1, key1 FROM table1 WHERE x = ')')"
    ]
    assert engine.properties == [{"awsdatacatalog.compression_codec": "GZIP"}]
    assert (outcome.kind, outcome.substatement, outcome.update_count) == ("DML", "UNLOAD", 2)
    assert [database["Name"] for database in session.glue.get_databases()["DatabaseList"]] == ["db"]


@pytest.mark.parametrize(
    ("tail", "message"),
    [
        ("TO 's3://{bucket}/x/'", "UNLOAD needs the property 'format'"),
        ("TO 's3://{bucket}/x/' WITH (format='CSV')", "UNLOAD needs the property 'format': one of PARQUET, ORC, AVRO, JSON, TEXTFILE"),
        ("TO 's3://{bucket}/x/' WITH (format='JSON', field_delimiter=',')", "field_delimiter must be one character"),
        ("TO 's3://{bucket}/x/' WITH (format='ORC', external_location='s3://b/')", "UNLOAD has no property 'external_location'"),
        ("TO 's3://{bucket}/taken/' WITH (format='ORC')", "HIVE_PATH_ALREADY_EXISTS"),
        ("TO 's3://nowhere-of-mine/x/' WITH (format='ORC')", "NoSuchBucket"),
        ("TO 'x' WITH (format='ORC')", "Invalid location x"),
        ("WITH (format='ORC')", "mismatched input 'WITH' expecting TO near ')'"),
    ],
)  # fmt: skip
def test_refused_unload(failure: Failure, put: Callable[..., None], bucket: str, tail: str, message: str) -> None:
    put("taken/file")
    assert message in failure(f"UNLOAD (SELECT 1 a) {tail.format(bucket=bucket)}")


def test_create_view_html(run: Run, engine: Any, session: Session) -> None:
    from base64 import b64encode

    document = b'{"originalSql": "SELECT 1", "columns": [{"name": "a", "type": "array(row(x integer))"}]}'
    given = {
        "Name": "v",
        "TableType": "VIRTUAL_VIEW",
        "ViewOriginalText": f"/* Presto View: {b64encode(document).decode()} */",
    }
    # As Trino stores it.
    session.glue.create_table(
        DatabaseName="db", TableInput={**given, "StorageDescriptor": {"Columns": [{"Name": "dummy", "Type": "string"}]}}
    )
    assert run('CREATE OR REPLACE VIEW v AS SELECT a FROM "AwsDataCatalog"."db"."t";').substatement == "CREATE_VIEW"
    assert engine.statements == ['CREATE OR REPLACE VIEW v AS SELECT a FROM "AwsDataCatalog"."db"."t"']
    made = session.glue.get_table(DatabaseName="db", Name="v")["Table"]
    assert made["StorageDescriptor"]["Columns"] == [{"Name": "a", "Type": "array<struct<x:int>>"}]
    assert run("SHOW COLUMNS IN v").text == "a                   \n"
