"""CREATE EXTERNAL TABLE from AWS's pages, read back with GetTable."""

from collections.abc import Callable
from typing import Any

import pytest

from glue_local.query.statement import Outcome

Run = Callable[[str], Outcome]
Table = Callable[[str], dict[str, Any]]
Failure = Callable[[str], str]

TEXT = ("org.apache.hadoop.mapred.TextInputFormat", "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat")


def storage(table: dict[str, Any]) -> tuple[str, str, str]:
    files = table["StorageDescriptor"]
    return files["SerdeInfo"]["SerializationLibrary"], files["InputFormat"], files["OutputFormat"]


def serde_parameters(table: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = table["StorageDescriptor"]["SerdeInfo"]["Parameters"]
    return found


def test_example_of_create_table_html(run: Run, table: Table) -> None:
    outcome = run(
        r"""CREATE EXTERNAL TABLE IF NOT EXISTS db.cloudfront_logs (
          Date DATE, Time STRING, Location STRING, Bytes INT, RequestIP STRING, Method STRING, Host STRING, Uri STRING,
          Status INT, Referrer STRING, os STRING, Browser STRING, BrowserVersion STRING
        ) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
        WITH SERDEPROPERTIES (
          "input.regex" = "^(?!#)([^ ]+)\\s+([^ ]+)\\s+[^\(]+[\(]([^\;]+).*\%20([^\/]+)[\/](.*)$"
        ) LOCATION 's3://athena-examples/cloudfront/plaintext/';"""
    )
    assert (outcome.kind, outcome.substatement, outcome.text) == ("DDL", "CREATE_TABLE", "")
    made = table("cloudfront_logs")
    assert [column["Name"] for column in made["StorageDescriptor"]["Columns"]][:5] == [
        "date", "time", "location", "bytes", "requestip",
    ]  # fmt: skip
    assert storage(made) == ("org.apache.hadoop.hive.serde2.RegexSerDe", *TEXT)
    # Hive drops the backslash of an unknown escape but keeps the one of \%.
    assert serde_parameters(made) == {
        "serialization.format": "1",
        "input.regex": r"^(?!#)([^ ]+)\s+([^ ]+)\s+[^(]+[(]([^;]+).*\%20([^/]+)[/](.*)$",
    }
    assert made["StorageDescriptor"]["Location"] == "s3://athena-examples/cloudfront/plaintext/"
    assert (made["TableType"], made["Owner"], made["PartitionKeys"]) == ("EXTERNAL_TABLE", "hadoop", [])
    assert made["Parameters"] == {"EXTERNAL": "TRUE", "transient_lastDdlTime": "1587610521"}


@pytest.mark.parametrize(
    ("page", "serde"),
    [
        ("openx-json-serde.html", "org.openx.data.jsonserde.JsonSerDe"),
        ("hive-json-serde.html", "org.apache.hive.hcatalog.data.JsonSerDe"),
        ("csv-serde.html", "org.apache.hadoop.hive.serde2.OpenCSVSerde"),
        ("lazy-simple-serde.html", "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"),
        ("regex-serde.html", "org.apache.hadoop.hive.serde2.RegexSerDe"),
        ("grok-serde.html", "com.amazonaws.glue.serde.GrokSerDe"),
        ("avro-serde.html", "org.apache.hadoop.hive.serde2.avro.AvroSerDe"),
        ("orc-serde.html", "org.apache.hadoop.hive.ql.io.orc.OrcSerde"),
        ("parquet-serde.html", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"),
        ("ion-serde.html", "com.amazon.ionhiveserde.IonHiveSerDe"),
        ("cloudtrail-serde.html", "com.amazon.emr.hive.serde.CloudTrailSerde"),
    ],
)
def test_every_serde_of_supported_serdes_html(run: Run, table: Table, page: str, serde: str) -> None:
    run(
        f"""CREATE EXTERNAL TABLE t (a string) ROW FORMAT SERDE '{serde}'
        WITH SERDEPROPERTIES ('x.y' = 'z', "paths"="a, b")
        STORED AS INPUTFORMAT 'com.amazon.In' OUTPUTFORMAT 'com.amazon.Out' LOCATION 's3://b/{page}/'"""
    )
    assert storage(table("t")) == (serde, "com.amazon.In", "com.amazon.Out")
    assert serde_parameters(table("t")) == {"serialization.format": "1", "x.y": "z", "paths": "a, b"}


@pytest.mark.parametrize(
    ("stored_as", "serde", "inputs"),
    [
        ("TEXTFILE", "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", TEXT[0]),
        ("SEQUENCEFILE", "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "org.apache.hadoop.mapred.SequenceFileInputFormat"),
        ("RCFILE", "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe", "org.apache.hadoop.hive.ql.io.RCFileInputFormat"),
        ("orc", "org.apache.hadoop.hive.ql.io.orc.OrcSerde", "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat"),
        ("PARQUET", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe", "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"),
        ("AVRO", "org.apache.hadoop.hive.serde2.avro.AvroSerDe", "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat"),
        ("ION", "com.amazon.ionhiveserde.IonHiveSerDe", "com.amazon.ionhiveserde.formats.IonInputFormat"),
    ],
)  # fmt: skip
def test_stored_as_of_create_table_html(run: Run, table: Table, stored_as: str, serde: str, inputs: str) -> None:
    run(f"create external table t (a int) stored as {stored_as} location 's3://b/t/'")
    assert storage(table("t"))[:2] == (serde, inputs)


def test_row_format_delimited_of_lazy_simple_serde_html(run: Run, table: Table) -> None:
    run(
        r"""CREATE EXTERNAL TABLE t (a int) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' ESCAPED BY '\\'
        COLLECTION ITEMS TERMINATED BY '|' MAP KEYS TERMINATED BY ':' LINES TERMINATED BY '\n' NULL DEFINED AS 'none'
        LOCATION 's3://b/t/' TBLPROPERTIES ("skip.header.line.count"="1")"""
    )
    assert serde_parameters(table("t")) == {
        "field.delim": "\t",
        "escape.delim": "\\",
        "colelction.delim": "|",
        "mapkey.delim": ":",
        "line.delim": "\n",
        "serialization.null.format": "none",
        "serialization.format": "\t",
    }
    assert table("t")["Parameters"]["skip.header.line.count"] == "1"


def test_types_comments_partitions_buckets_and_projection(run: Run, table: Table) -> None:
    """create-table.html, bucketing-vs-partitioning.html, partition-projection-setting-up.html"""
    run(
        """CREATE EXTERNAL TABLE `db`.`My_Table` (
          `timestamp` timestamp COMMENT 'when', n tinyint, s smallint, i int, l bigint, f float, d double, b boolean,
          c char(3), v varchar(20), x binary, y decimal(11,5), z decimal(15), day date,
          nested array<struct<Name:string COMMENT 'of it', tags:map<string,array<int>>>>
        ) COMMENT 'all types' PARTITIONED BY (year int, country string COMMENT 'two letters')
        CLUSTERED BY (i, l) SORTED BY (i DESC) INTO 8 BUCKETS STORED AS PARQUET LOCATION 's3://b/t/'
        TBLPROPERTIES ('projection.enabled'='true', 'projection.year.type'='integer', 'projection.year.range'='2020,2030',
          'storage.location.template'='s3://b/t/${year}/${country}')"""
    )
    made = table("my_table")
    files = made["StorageDescriptor"]
    assert {column["Name"]: column["Type"] for column in files["Columns"]} == {
        "timestamp": "timestamp", "n": "tinyint", "s": "smallint", "i": "int", "l": "bigint", "f": "float",
        "d": "double", "b": "boolean", "c": "char(3)", "v": "varchar(20)", "x": "binary", "y": "decimal(11,5)",
        "z": "decimal(15,0)", "day": "date", "nested": "array<struct<name:string,tags:map<string,array<int>>>>",
    }  # fmt: skip
    assert files["Columns"][0]["Comment"] == "when"
    assert made["PartitionKeys"] == [
        {"Name": "year", "Type": "int"},
        {"Name": "country", "Type": "string", "Comment": "two letters"},
    ]
    assert (files["BucketColumns"], files["NumberOfBuckets"]) == (["i", "l"], 8)
    assert files["SortColumns"] == [{"Column": "i", "SortOrder": 0}]
    assert made["Parameters"]["comment"] == made["Description"] == "all types"
    assert made["Parameters"]["projection.year.range"] == "2020,2030"
    assert made["Parameters"]["storage.location.template"] == "s3://b/t/${year}/${country}"


def test_if_not_exists(run: Run, failure: Failure, table: Table) -> None:
    run("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/t/'")
    run("CREATE EXTERNAL TABLE IF NOT EXISTS T (other int) LOCATION 's3://b/t/'")
    assert table("t")["StorageDescriptor"]["Columns"] == [{"Name": "a", "Type": "int"}]
    assert failure("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/t/'") == (
        "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
        "AlreadyExistsException(message:Table t already exists)"
    )


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/' TBLPROPERTIES ('table_type'='ICEBERG')", "External keyword not supported for table type ICEBERG"),
        ("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/' TBLPROPERTIES ('table_type'='DELTA')", "NotImplemented: CREATE EXTERNAL TABLE: tables of type DELTA"),
        ("CREATE EXTERNAL TABLE t (a int)", "add LOCATION"),
        ("CREATE EXTERNAL TABLE t (a int) LOCATION 'hdfs://x/'", "Invalid location hdfs://x/"),
        ("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (A string) LOCATION 's3://b/'", "Column repeated in partitioning columns"),
        ("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (a) LOCATION 's3://b/'", "needs a type for each column"),
        ("CREATE EXTERNAL TABLE t (a int, a int) LOCATION 's3://b/'", "Duplicate column name: a"),
        ("CREATE EXTERNAL TABLE t (a int) CLUSTERED BY (b) INTO 2 BUCKETS LOCATION 's3://b/'", "Invalid column reference b"),
        ("CREATE EXTERNAL TABLE t (a int) ROW FORMAT SERDE 'my.own.SerDe' LOCATION 's3://b/'", "FAILED: SemanticException Cannot validate serde: my.own.SerDe"),
        ("CREATE EXTERNAL TABLE t (a int) STORED AS JSONFILE LOCATION 's3://b/'", "Unrecognized file format in STORED AS clause: 'JSONFILE'"),
        ("CREATE EXTERNAL TABLE t (a int) STORED BY 'x' LOCATION 's3://b/'", "CREATE TABLE has no clause STORED BY"),
        ("CREATE EXTERNAL TABLE t LIKE u LOCATION 's3://b/'", "CREATE TABLE needs a list of columns"),
        ("CREATE EXTERNAL TABLE t (a int NOT NULL) LOCATION 's3://b/'", "NOT NULL"),
        ("CREATE EXTERNAL TABLE t (a time) LOCATION 's3://b/'", "Column a has a type that Athena does not have"),
        ("CREATE EXTERNAL TABLE t (a int,\n  b bogus) LOCATION 's3://b/'", "FAILED: ParseException line 2:4 cannot recognize input near 'bogus' ')' 'LOCATION'"),
        ("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://b/", "FAILED: ParseException line 1:0 cannot recognize input"),
        ('CREATE EXTERNAL TABLE "t" (a int) LOCATION \'s3://b/\'', "FAILED: ParseException line 1:22 cannot recognize input near '\"t\"'"),
        ("CREATE EXTERNAL TABLE nowhere.t (a int) LOCATION 's3://b/'", "FAILED: SemanticException [Error 10072]: Database does not exist: nowhere"),
        ("CREATE EXTERNAL TABLE other.db.t (a int) LOCATION 's3://b/'", "NotImplemented: catalog other"),
    ],
)  # fmt: skip
def test_invalid_statements_are_refused(failure: Failure, sql: str, message: str) -> None:
    assert message in failure(sql)
