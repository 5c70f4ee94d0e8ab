"""Find the kinds of all values in JSON texts, at every depth, with Spark's own schema inference.

If the types of a field differ, Spark's inference falls back to string. So each value is first replaced with an object
whose only key is its kind: ``{"p": 12}`` and ``{"p": "x"}`` become ``{"o":{"p":{"i":0}}}`` and ``{"o":{"p":{"s":0}}}``. Few
distinct texts remain, and because Spark merges objects field by field, their inferred schema has all kinds of each field.
"""

from collections.abc import Callable, Mapping

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as spark
from pyspark.sql.types import DataType, StructType

from .. import gluetypes as glue
from ..columns.letter_case import exact_names
from .java_udf import register

STRICT: Mapping[str, str] = {"allowSingleQuotes": "false"}
CORRUPT = "_corrupt_record"
_KINDS, _LAST_NAMES = "AwsglueJsonKinds", "AwsglueJsonLastNames"
_OBJECT, _ARRAY = "o", "a"
_MORE = ',"+":0}'
_PLAIN: Mapping[str, Callable[[], glue.DataType]] = {
    "s": glue.StringType,
    "i": glue.IntegerType,
    "l": glue.LongType,
    "d": glue.DoubleType,
    "b": glue.BooleanType,
    "n": lambda: glue.DecimalType(38, 0),
}


def is_document(session: SparkSession, text: Column) -> Column:
    """Return whether a text is exactly one JSON object or array."""
    register(session, _KINDS)
    kind = F.call_udf(_KINDS, text)
    return (kind.startswith(f'{{"{_OBJECT}":') | kind.startswith(f'{{"{_ARRAY}":')) & ~kind.endswith(_MORE)


def infer_kinds(texts: DataFrame, column: str) -> tuple[glue.StructType, bool]:
    """Return the fields of the JSON objects in a column, also inside arrays, and whether every text is one of these."""
    session = texts.sparkSession
    for name in (_KINDS, _LAST_NAMES):
        register(session, name)
    few = texts.where(texts[column].isNotNull()).select(F.call_udf(_KINDS, texts[column]).alias("value")).distinct()
    few = few.select(F.call_udf(_LAST_NAMES, F.col("value")))
    strings = getattr(few._jdf, "as")(session._jvm.org.apache.spark.sql.Encoders.STRING())
    # As an RDD, because a Dataset would be computed twice: for the schema and for the frame, which is not needed.
    with exact_names(session):
        shape = DataFrame(session.read.options(**STRICT)._jreader.json(strings.toJavaRDD()), session).schema
    found: glue.DataType = glue.NullType()
    whole = True
    for one in shape.fields:
        record = _record(_kind(one.name, one.dataType)) if one.name in (_OBJECT, _ARRAY) else None
        whole = whole and record is not None
        found = glue.mergeDataTypes(found, record or glue.NullType())
    return found if isinstance(found, glue.StructType) else glue.StructType([]), whole


def _record(kind: glue.DataType) -> glue.StructType | None:
    inner = kind.elementType if isinstance(kind, glue.ArrayType) else kind
    one = inner.get("struct") if isinstance(inner, glue.ChoiceType) else inner
    return one if isinstance(one, glue.StructType) else None


def _type(kind: DataType) -> glue.DataType:
    """Return the type for the inferred schema of a value's kinds; Spark infers string if a value is always null."""
    if not isinstance(kind, StructType):
        return glue.NullType()
    choices = [_kind(one.name, one.dataType) for one in kind.fields]
    return choices[0] if len(choices) == 1 else glue.ChoiceType(choices)


def _kind(name: str, kind: DataType) -> glue.DataType:
    if isinstance(kind, StructType):
        return glue.StructType([glue.Field(one.name, _type(one.dataType)) for one in kind.fields])
    return glue.ArrayType(_type(kind.elementType)) if isinstance(kind, spark.ArrayType) else _PLAIN[name]()
