"""Storage formats of tables: the SerDe and the formats of STORED AS and ROW FORMAT.

https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
"""

from dataclasses import dataclass, field
from typing import Any

LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"


@dataclass(frozen=True)
class Format:
    """A file format's classes."""

    serde: str
    input: str
    output: str


FORMATS = {
    "TEXTFILE": Format(LAZY_SIMPLE, TEXT_INPUT, TEXT_OUTPUT),
    "SEQUENCEFILE": Format(
        LAZY_SIMPLE,
        "org.apache.hadoop.mapred.SequenceFileInputFormat",
        "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
    ),
    "RCFILE": Format(
        "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
        "org.apache.hadoop.hive.ql.io.RCFileInputFormat",
        "org.apache.hadoop.hive.ql.io.RCFileOutputFormat",
    ),
    "ORC": Format(
        "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
        "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
    ),
    "PARQUET": Format(
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    ),
    "AVRO": Format(
        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
    ),
    "ION": Format(
        "com.amazon.ionhiveserde.IonHiveSerDe",
        "com.amazon.ionhiveserde.formats.IonInputFormat",
        "com.amazon.ionhiveserde.formats.IonOutputFormat",
    ),
}

# Every SerDe in Athena's guide. Athena refuses other classes, because it does not run user code.
SERDES = frozenset(
    {
        LAZY_SIMPLE,
        "org.openx.data.jsonserde.JsonSerDe",
        "org.apache.hive.hcatalog.data.JsonSerDe",
        "org.apache.hadoop.hive.serde2.OpenCSVSerde",
        "org.apache.hadoop.hive.serde2.RegexSerDe",
        "org.apache.hadoop.hive.contrib.serde2.RegexSerDe",
        "com.amazonaws.glue.serde.GrokSerDe",
        "com.amazon.emr.hive.serde.CloudTrailSerde",
        "org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe",
        *(each.serde for each in FORMATS.values()),
    }
)

# Their columns come from the catalog; for all others Hive asks the SerDe, and the comment says so
# (hive.serdes.using.metastore.for.schema).
COLUMNS_OF_THE_CATALOG = frozenset(
    {
        LAZY_SIMPLE,
        FORMATS["RCFILE"].serde,
        FORMATS["ORC"].serde,
        FORMATS["PARQUET"].serde,
        "org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe",
    }
)


@dataclass(frozen=True)
class RowFormat:
    """ROW FORMAT: a SerDe and its properties."""

    serde: str = ""
    properties: dict[str, str] = field(default_factory=dict)


# Hive's spelling, including its typo.
DELIMITERS = {
    "fields": "field.delim",
    "escaped": "escape.delim",
    "collection_items": "colelction.delim",
    "map_keys": "mapkey.delim",
    "lines": "line.delim",
    "null": "serialization.null.format",
}


def delimited(given: dict[str, str]) -> RowFormat:
    """Return ROW FORMAT DELIMITED; ``given`` has the clauses by sqlglot's names."""
    properties = {name: given[clause] for clause, name in DELIMITERS.items() if clause in given}
    return RowFormat(LAZY_SIMPLE, {**properties, "serialization.format": given.get("fields", "1")})


# Hive only replaces columns of tables with these SerDes.
COLUMNS_REPLACEABLE = COLUMNS_OF_THE_CATALOG


def comment(column: dict[str, Any], table: dict[str, Any] | None) -> str:
    """Return a column's comment as Hive shows it; ``table`` is None for a partition key."""
    given = str(column.get("Comment", ""))
    serde = (table or {}).get("StorageDescriptor", {}).get("SerdeInfo", {}).get("SerializationLibrary")
    return given or ("from deserializer" if serde and serde not in COLUMNS_OF_THE_CATALOG else "")
