"""Read JSON with Glue's types, including choices, using Spark expressions only.

Spark parses a choice as a string, where 12 and "12" look the same. So a space is inserted after every quote first: outside
strings JSON ignores it, inside it becomes the string's first character, at every depth.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as spark
from pyspark.sql.types import DataType, StructField, StructType

from .. import gluetypes as glue
from ..columns.errors import COLUMN, error
from ..columns.letter_case import exact_names, has_similar_names
from ..columns.schemas import to_spark
from . import json_documents
from .value_kinds import CORRUPT, STRICT, infer_kinds, is_document

# Without this option Spark would treat brackets in file names as glob patterns.
_AS_SPELLED = {"__globPaths__": "false"}
MARK = " "  # inserted after every quote
_NO_KEYS = StructType([])
VALUE = "value"


class JsonFiles(NamedTuple):
    """JSON files, and the partition keys to read from their folders' names under ``base``."""

    paths: Sequence[str]
    keys: StructType = _NO_KEYS
    base: str = ""
    multi_line: bool = False


def read(spark_session: SparkSession, lines: JsonFiles) -> DataFrame:
    """Return the records of JSON files; malformed ones are error records.

    Scans the data once for its types. The files are then read by Spark's JSON source, or as text if a field has several
    types. If a file's lines are not documents, the file is read as a whole, because its documents span lines.
    """
    texts = _texts(spark_session, lines)
    found, whole = infer_kinds(texts, VALUE)
    malformed = False
    if not whole:
        texts = _documents(spark_session, texts, lines)
        found, sound = infer_kinds(texts, VALUE)
        malformed = not sound
    kind = glue.StructType([field for field in found if field.name not in (*lines.keys.names, CORRUPT)])
    # Spark's JSON source cannot read fields whose names differ only in case.
    if not whole or _has_choice(kind) or has_similar_names(to_spark(kind)):
        return _from_texts(json_documents.explode_arrays(texts, VALUE), kind, lines, malformed)
    reader = spark_session.read.options(**_AS_SPELLED, **STRICT).option("multiLine", str(lines.multi_line).lower())
    return _from_files(reader, kind, lines)


def infer(texts: DataFrame) -> glue.StructType:
    """Return the fields of the JSON objects in the only column of ``texts``."""
    return infer_kinds(texts, texts.columns[0])[0]


def records(texts: DataFrame) -> DataFrame:
    """Parse the JSON objects in the first column of ``texts``, after a scan for their types; keeps other columns."""
    first, *others = texts.columns
    kind = infer(texts.select(first))
    if not kind.fields:
        return texts.select(*others)
    with exact_names(texts.sparkSession):
        return texts.select(parsed(F.col(first), kind).alias("r"), *others).select("r.*", *others)


def parsed(column: Column, kind: glue.StructType) -> Column:
    """Parse a column of JSON texts into structs with the fields from ``infer``."""
    return _value(F.from_json(_mark(column), _wire(kind), STRICT), kind)


def _texts(spark_session: SparkSession, lines: JsonFiles) -> DataFrame:
    reader = spark_session.read.options(**_AS_SPELLED)
    if len(lines.keys):
        reader = reader.option("basePath", lines.base)
    schema = StructType([StructField(VALUE, spark.StringType()), *lines.keys.fields])
    return reader.schema(schema).text(list(lines.paths), wholetext=lines.multi_line).where(F.trim(VALUE) != "")


def _documents(spark_session: SparkSession, texts: DataFrame, lines: JsonFiles) -> DataFrame:
    """Return one text for each document, also if a document spans lines or a line has several documents."""
    if lines.multi_line:
        return json_documents.documents_in_files(texts, VALUE)
    good, bad = json_documents.split_by_layout(texts, lines.paths, is_document(spark_session, F.col(VALUE)))
    if not bad:
        return texts
    whole = json_documents.documents_by_line(_texts(spark_session, lines._replace(paths=bad, multi_line=True)), VALUE)
    return _texts(spark_session, lines._replace(paths=good)).unionByName(whole) if good else whole


def _mark(text: Column) -> Column:
    # A quote after an odd number of backslashes is escaped. Most lines have no backslash and need no regular expression.
    slow = F.regexp_replace(text, r'(?<!\\)((?:\\\\)*+)"', '$1"' + MARK)
    return F.when(F.contains(text, F.lit("\\")), slow).otherwise(F.replace(text, F.lit('"'), F.lit('"' + MARK)))


def _has_choice(kind: glue.DataType) -> bool:
    if isinstance(kind, glue.StructType):
        return any(_has_choice(one.dataType) for one in kind)
    if isinstance(kind, glue.ArrayType):
        return _has_choice(kind.elementType)
    return isinstance(kind, glue.ChoiceType)


def _from_files(reader: Any, kind: glue.StructType, lines: JsonFiles) -> DataFrame:
    data, nulls = _without_nulls(kind)
    if len(lines.keys):
        reader = reader.option("basePath", lines.base)
    frame: DataFrame = reader.schema(StructType([*data.fields, *lines.keys.fields])).json(list(lines.paths))
    if not nulls:
        return frame
    at = {one.name: F.lit(None).alias(one.name) for one in kind if one.name in nulls}
    names = [*(one.name for one in kind), *lines.keys.names]
    return frame.select(*(at.get(name, F.col(f"`{name}`")) for name in names))


def _without_nulls(kind: glue.StructType) -> tuple[StructType, set[str]]:
    nulls = {one.name for one in kind if isinstance(one.dataType, glue.NullType)}
    made = to_spark(kind)
    return StructType([one for one in made.fields if one.name not in nulls]), nulls


def _from_texts(texts: DataFrame, kind: glue.StructType, lines: JsonFiles, malformed: bool) -> DataFrame:
    keys = [F.col(f"`{name}`") for name in lines.keys.names]
    wire = _wire(kind)
    text = _mark(F.col(VALUE))
    corrupt = StructType([*wire.fields, StructField(CORRUPT, spark.StringType())])
    options = {**STRICT, "columnNameOfCorruptRecord": CORRUPT}
    rows = texts.select(F.col(VALUE), F.from_json(text, corrupt, options).alias("r"), *keys)
    columns = [_value(_field("r", one), one.dataType).alias(one.name) for one in kind]
    if malformed:
        wrong = F.when(F.col(f"r.{CORRUPT}").isNotNull(), error("error in jackson reader", F.col(VALUE)))
        columns = [*columns, wrong.alias(COLUMN)]
    with exact_names(texts.sparkSession):
        return rows.select(*columns[: len(kind.fields)], *keys, *columns[len(kind.fields) :])


def _field(parent: str, field: glue.Field) -> Column:
    return F.lit(None) if isinstance(field.dataType, glue.NullType) else F.col(f"{parent}.`{MARK}{field.name}`")


_WIRE: Mapping[type, Callable[[], DataType]] = {glue.IntegerType: spark.LongType, glue.ChoiceType: spark.StringType}


def _wire(kind: glue.DataType) -> Any:
    """Return the type to parse from marked text: string for a choice; fields of type null are left out."""
    if isinstance(kind, glue.StructType):
        fields = [(one.name, one.dataType) for one in kind if not isinstance(one.dataType, glue.NullType)]
        return StructType([StructField(MARK + name, _wire(one)) for name, one in fields])
    if isinstance(kind, glue.ArrayType):
        return spark.ArrayType(_wire(kind.elementType))
    if isinstance(kind, glue.NullType):
        return spark.StringType()
    made = _WIRE.get(type(kind))
    return made() if made else to_spark(kind)


def _value(column: Column, kind: glue.DataType) -> Column:
    """Convert a value that was parsed from marked text to its type."""
    if isinstance(kind, glue.StructType):
        inside = [
            (F.lit(None) if isinstance(one.dataType, glue.NullType) else column.getField(MARK + one.name), one)
            for one in kind
        ]
        return F.when(
            column.isNotNull(), F.struct(*(_value(here, one.dataType).alias(one.name) for here, one in inside))
        )
    if isinstance(kind, glue.ArrayType):
        inner = kind.elementType
        return F.transform(column, lambda one: _value(one, inner))
    if isinstance(kind, glue.ChoiceType):
        return _choice_value(column, kind)
    if isinstance(kind, glue.NullType):
        return F.lit(None)
    if isinstance(kind, glue.StringType):
        return F.substring(column, 2, 2**31 - 1)
    return column.cast("int") if isinstance(kind, glue.IntegerType) else column


def _choice_value(text: Column, kind: glue.ChoiceType) -> Column:
    shaped = {"struct": "{", "array": "["}
    first = F.substring(text, 1, 1)
    number = first.rlike("[-0-9]")
    whole = number & text.rlike("^-?[0-9]+$")
    long = F.when(whole, text.cast("bigint"))
    small = long.between(-(2**31), 2**31 - 1)
    tests: dict[str, Column] = {
        "string": F.when(first == MARK, F.substring(text, 2, 2**31 - 1)),
        "boolean": F.when(first.isin("t", "f"), text.cast("boolean")),
        "int": F.when(small, long.cast("int")),
        "long": F.when(~small, long),
        "double": F.when(number & ~whole, text.cast("double")),
        "decimal": F.when(whole & long.isNull(), text.cast("decimal(38,0)")),
    }
    parts = []
    for one in kind.choices:
        name = one.typeName()
        if name in shaped:
            whole_text = F.concat(F.lit(f'{{"{MARK}v":'), text, F.lit("}"))
            wrapped = glue.StructType([glue.Field("v", one)])
            inner = F.from_json(F.when(first == shaped[name], whole_text), _wire(wrapped), STRICT)
            parts.append(_value(inner.getField(f"{MARK}v"), one).alias(name))
        else:
            parts.append(tests[name].alias(name))
    return F.when(text.isNotNull(), F.struct(*parts)).cast(to_spark(kind))
