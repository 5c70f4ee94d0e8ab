"""Spark SQL on the Glue Data Catalog, and the table formats, in real runs."""

import json
from typing import Any

import pytest

from glue_local.prerequisites import connector, java
from glue_local.settings import machine
from tests.worker.conftest import ENDED

pytestmark = pytest.mark.long

HEAD = (
    "from pyspark.context import SparkContext\nfrom awsglue.context import GlueContext\n"
    "spark = GlueContext(SparkContext.getOrCreate()).spark_session\n"
)


@pytest.fixture(scope="module")
def lake(bench: Any) -> Any:
    """The worker's server with a bucket and a database."""
    bench.s3.create_bucket(Bucket="lake")
    bench.glue.create_database(DatabaseInput={"Name": "db", "LocationUri": "s3://lake/db/"})
    return bench


def run(bench: Any, body: str, **arguments: str) -> Any:
    given = {f"--{name.replace('_', '-')}": value for name, value in arguments.items()}
    done = bench.run(HEAD + body, "glueetl", DefaultArguments=given)
    assert done.state == "SUCCEEDED", (done.message, done.error[-30:])
    return done


def keys(bench: Any, prefix: str) -> list[str]:
    return [item["Key"] for item in bench.s3.list_objects_v2(Bucket="lake", Prefix=prefix).get("Contents", [])]


def test_spark_sql_reads_and_creates_tables_in_the_catalog(lake: Any) -> None:
    lake.s3.put_object(Bucket="lake", Key="elsewhere/v7/a.json", Body=b'{"n": 1}\n{"n": 2}\n')
    columns = [{"Name": "n", "Type": "bigint"}]
    storage = {"Location": "s3://lake/t/", "Columns": columns}
    table = {"Name": "t", "Parameters": {"classification": "json"}, "StorageDescriptor": storage}
    keys_of_it = [{"Name": "day", "Type": "string"}]
    lake.glue.create_table(DatabaseName="db", TableInput={**table, "PartitionKeys": keys_of_it})
    partition = {"Values": ["mon"], "StorageDescriptor": {"Location": "s3://lake/elsewhere/v7/"}}
    lake.glue.create_partition(DatabaseName="db", TableName="t", PartitionInput=partition)
    done = run(
        lake,
        "print([tuple(row) for row in spark.sql(\"select n, day from db.t where day = 'mon' order by n\").collect()])\n"
        "print([row.tableName for row in spark.sql('show tables in db').collect()])\n"
        "spark.sql('create table db.made using parquet partitioned by (day) as select n * 10 as m, day from db.t')\n"
        "spark.sql(\"insert into db.made values (7, 'tue')\")\n"
        "print(sorted(tuple(row) for row in spark.table('db.made').collect()))\n"
        "spark.range(3).write.format('json').saveAsTable('db.saved')\n"
        "print(spark.catalog.tableExists('db.nothing'), spark.table('db.saved').count())\n",
        enable_glue_datacatalog="true",
    )
    assert done.output == ["[(1, 'mon'), (2, 'mon')]", "['t']", "[(7, 'tue'), (10, 'mon'), (20, 'mon')]", "False 3"]
    made = lake.glue.get_table(DatabaseName="db", Name="made")["Table"]
    assert [column["Name"] for column in made["PartitionKeys"]] == ["day"]
    assert made["StorageDescriptor"]["Columns"] == [{"Name": "m", "Type": "bigint"}]
    partitions = lake.glue.get_partitions(DatabaseName="db", TableName="made")["Partitions"]
    assert sorted(one["Values"] for one in partitions) == [["mon"], ["tue"]]
    assert lake.glue.get_table(DatabaseName="db", Name="saved")["Table"]["Parameters"]["classification"] == "json"
    assert any(key.endswith(".parquet") for key in keys(lake, "db/made/day=tue/"))
    run(lake, "spark.sql('drop table db.saved')\nspark.sql('drop table db.made')\n", enable_glue_datacatalog="")
    assert [table["Name"] for table in lake.glue.get_tables(DatabaseName="db")["TableList"]] == ["t"]


def test_without_the_argument_spark_has_its_own_catalog(lake: Any) -> None:
    assert run(lake, "print(spark.catalog.databaseExists('db'))\n").output == ["False"]


def test_an_unknown_or_missing_format_fails_the_run(lake: Any) -> None:
    done = lake.run(HEAD, "glueetl", DefaultArguments={"--datalake-formats": "paimon"})
    assert done.state == "FAILED"
    assert done.message == "--datalake-formats paimon: unknown format; known formats: iceberg, delta, hudi"


# https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-format-iceberg.html
BY_CATALOG = """
import boto3
from awsglue.context import GlueContext
context = GlueContext(spark.sparkContext)
for name, format, folder in (('del', 'delta', 'delta'), ('hud', 'hudi', 'hudi')):
    boto3.client('glue').create_table(DatabaseName='db', TableInput={
        'Name': name, 'Parameters': {'spark.sql.sources.provider': format},
        'StorageDescriptor': {'Location': f's3://lake/{folder}/t', 'Columns': []}})
rows = {'ice': spark.sql("select 3L as n, 'c' as name"), 'del': spark.range(7, 8), 'hud': spark.sql('select 1L as id, 9 as v')}
for name, frame in rows.items():
    more = options if name == 'hud' else {}
    context.write_data_frame.from_catalog(frame=frame, database='db', table_name=name, additional_options=more)
    print('by catalog', name, context.create_data_frame.from_catalog(database='db', table_name=name).count())
"""


@pytest.fixture(scope="module")
def formats() -> str:
    """All table formats, installed if missing. One run tests them all, because each run is a cold start."""
    here = machine()
    for jars in connector.TABLE_FORMATS.values():
        connector.install(here.cache, java.find(here.java_home), print, jars)
    return ",".join(connector.TABLE_FORMATS)


def test_iceberg_delta_and_hudi(lake: Any, formats: str) -> None:
    glue = "spark.sql.catalog.glue_catalog"
    settings = {
        "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions,"
        "io.delta.sql.DeltaSparkSessionExtension,org.apache.spark.sql.hudi.HoodieSparkSessionExtension",
        "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
        glue: "org.apache.iceberg.spark.SparkCatalog",
        f"{glue}.warehouse": "s3://lake/iceberg/",
        f"{glue}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"{glue}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
    }
    done = run(
        lake,
        "spark.sql('create table glue_catalog.db.ice (n bigint, name string) using iceberg')\n"
        "spark.sql(\"insert into glue_catalog.db.ice values (1, 'a'), (2, 'b')\")\n"
        "spark.sql('delete from glue_catalog.db.ice where n = 1')\n"
        "print('iceberg', [tuple(row) for row in spark.table('glue_catalog.db.ice').collect()])\n"
        "spark.range(3).write.format('delta').save('s3://lake/delta/t')\n"
        "spark.sql('delete from delta.`s3://lake/delta/t` where id = 1')\n"
        "print('delta', sorted(row.id for row in spark.read.format('delta').load('s3://lake/delta/t').collect()))\n"
        "options = {'hoodie.table.name': 't', 'hoodie.datasource.write.recordkey.field': 'id',\n"
        "           'hoodie.datasource.write.precombine.field': 'v', 'hoodie.metadata.enable': 'false'}\n"
        "for v in (1, 2):\n"
        "    rows = spark.range(v).selectExpr('id', f'{v} as v')\n"
        "    rows.write.format('hudi').options(**options).mode('append').save('s3://lake/hudi/t')\n"
        "print('hudi', sorted((row.id, row.v) for row in spark.read.format('hudi').load('s3://lake/hudi/t').collect()))\n"
        + BY_CATALOG,
        datalake_formats=formats,
        conf=" --conf ".join(f"{name}={value}" for name, value in settings.items()),
    )
    # Hudi prints other lines as well.
    assert [line for line in done.output if line.startswith(("iceberg [", "delta [", "hudi [", "by catalog"))] == [
        "iceberg [(2, 'b')]",
        "delta [0, 2]",
        "hudi [(0, 2), (1, 2)]",
        "by catalog ice 2",
        "by catalog del 3",
        "by catalog hud 2",
    ]
    assert any(key.endswith("_delta_log/00000000000000000001.json") for key in keys(lake, "delta/"))
    assert any(key.endswith("hoodie.properties") for key in keys(lake, "hudi/"))
    parameters = lake.glue.get_table(DatabaseName="db", Name="ice")["Table"]["Parameters"]
    assert parameters["table_type"] == "ICEBERG"
    bucket, _, key = parameters["metadata_location"].removeprefix("s3://").partition("/")
    metadata = json.loads(lake.s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    assert [field["name"] for field in metadata["schemas"][0]["fields"]] == ["n", "name"]


CONFIGURED_BY_THE_SCRIPT = """
from pyspark.sql import SparkSession
catalog = "spark.sql.catalog.mine"
spark = (
    SparkSession.builder.config(catalog, "org.apache.iceberg.spark.SparkCatalog")
    .config(f"{catalog}.warehouse", "s3://lake/mine/")
    .config(f"{catalog}.catalog-impl", "org.apache.iceberg.aws.glue.GlueCatalog")
    .config(f"{catalog}.io-impl", "org.apache.iceberg.aws.s3.S3FileIO")
    .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
    .getOrCreate()
)
spark.sql("create table mine.db.own (n bigint) using iceberg")
spark.sql("insert into mine.db.own values (1), (2)")
print("iceberg", spark.table("mine.db.own").count())
sync = "hoodie.datasource.hive_sync"
options = {
    "hoodie.table.name": "roads", "hoodie.datasource.write.recordkey.field": "id", "hoodie.metadata.enable": "false",
    "hoodie.datasource.write.precombine.field": "v", "hoodie.datasource.write.partitionpath.field": "day",
    "hoodie.datasource.write.hive_style_partitioning": "true", f"{sync}.enable": "true", f"{sync}.mode": "hms",
    f"{sync}.database": "synced", f"{sync}.table": "roads", f"{sync}.partition_fields": "day",
}
for day in ("mon", "tue"):
    rows = spark.range(2).selectExpr("id", "1 as v", f"'{day}' as day")
    rows.write.format("hudi").options(**options).mode("append").save("s3://lake/hudi/roads")
print("hudi", spark.read.format("hudi").load("s3://lake/hudi/roads").count())
"""


def test_a_catalog_that_the_script_configures_and_hudis_sync(lake: Any) -> None:
    here = machine()
    for name in ("iceberg", "hudi"):
        connector.install(here.cache, java.find(here.java_home), print, connector.TABLE_FORMATS[name])
    arguments = {"--datalake-formats": "iceberg,hudi"}
    name = lake.job(CONFIGURED_BY_THE_SCRIPT, "glueetl", DefaultArguments=arguments)
    run_id = lake.start(name)
    # Two cold starts: Iceberg's settings need a new Spark context.
    lake.await_state(name, run_id, *ENDED, seconds=400)
    done = lake.ended(name, run_id)
    assert done.state == "SUCCEEDED", (done.message, done.error[-30:])
    assert [line for line in done.output if line.startswith(("iceberg ", "hudi "))] == ["iceberg 2", "hudi 4"]
    assert lake.glue.get_table(DatabaseName="db", Name="own")["Table"]["Parameters"]["table_type"] == "ICEBERG"
    table = lake.glue.get_table(DatabaseName="synced", Name="roads")["Table"]
    assert table["StorageDescriptor"]["InputFormat"] == "org.apache.hudi.hadoop.HoodieParquetInputFormat"
    assert [column["Name"] for column in table["PartitionKeys"]] == ["day"]
    columns = [column["Name"] for column in table["StorageDescriptor"]["Columns"]]
    assert columns == [*(name for name in columns if name.startswith("_hoodie_")), "id", "v"]
    partitions = lake.glue.get_partitions(DatabaseName="synced", TableName="roads")["Partitions"]
    assert {one["Values"][0]: one["StorageDescriptor"]["Location"] for one in partitions} == {
        day: f"s3://lake/hudi/roads/day={day}" for day in ("mon", "tue")
    }
