"""JSON into records: the types that occur in each field, choices among them, found and read inside Spark's engine.

Spark's own inference gives in where types differ: it calls the field text. Here each leaf is looked at a second time, in
one more parse of the same lines. A space is put behind every quote before: outside a string it means nothing to JSON,
inside it is the string's first character. So 12 and "12" differ after a parse as text, at every depth, also in arrays.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as spark
from pyspark.sql.types import DataType, StructField, StructType

from . import gluetypes as glue
from .errors import COLUMN, error
from .kinds import MARK, Leaf, look, unmarked_name
from .schemas import to_spark

# Without this option Spark would read the brackets in a file's name as a pattern.
_AS_SPELLED = {"__globPaths__": "false"}
_STRICT = {"allowSingleQuotes": "false"}
_CORRUPT = "_corrupt_record"
_NO_KEYS = StructType([])
VALUE = "value"


class Lines(NamedTuple):
    """Where JSON documents lie: files, the partition keys that their folders' names hold below ``base``."""

    paths: Sequence[str]
    keys: StructType = _NO_KEYS
    base: str = ""
    multi_line: bool = False


def read(spark_session: SparkSession, lines: Lines) -> DataFrame:
    """Return the records of JSON files; one that is none has its error in the column errors.COLUMN.

    Looks at the data twice, in a shorter way where all is strings; then it is read as Spark would, or once more as text
    when a field has several types.
    """
    reader = spark_session.read.options(**_AS_SPELLED, **_STRICT).option("multiLine", str(lines.multi_line).lower())
    shape = reader.json(list(lines.paths)).schema
    texts = _texts(spark_session, lines)
    found = _words(texts, shape, lines.keys) or _looked(texts, shape, lines.multi_line)
    kind = glue.StructType([field for field in found if field.name not in (*lines.keys.names, _CORRUPT)])
    malformed = _CORRUPT in shape.names
    if malformed or _has_choice(kind):
        return _from_texts(texts, kind, lines, malformed)
    return _from_files(reader, kind, lines)


def infer(texts: DataFrame) -> glue.StructType:
    """Return the fields of the JSON objects in the only column of ``texts``, null where there is none."""
    marked = _marked(texts.select(F.col(texts.columns[0]).alias(VALUE)).where(F.col(VALUE).isNotNull()))
    return _inferred(marked)


def parsed(column: Column, kind: glue.StructType) -> Column:
    """Return a column of JSON text as structs of the fields that ``infer`` found."""
    return _value(F.from_json(_mark(column), _wire(kind), _STRICT), kind)


def _texts(spark_session: SparkSession, lines: Lines) -> DataFrame:
    reader = spark_session.read.options(**_AS_SPELLED)
    if len(lines.keys):
        reader = reader.option("basePath", lines.base)
    schema = StructType([StructField(VALUE, spark.StringType()), *lines.keys.fields])
    return reader.schema(schema).text(list(lines.paths), wholetext=lines.multi_line).where(F.trim(VALUE) != "")


def _mark(text: Column) -> Column:
    # An escaped quote stands behind an odd number of backslashes; most lines have none, and are done by bytes.
    slow = F.regexp_replace(text, r'(?<!\\)((?:\\\\)*+)"', '$1"' + MARK)
    return F.when(F.contains(text, F.lit("\\")), slow).otherwise(F.replace(text, F.lit('"'), F.lit('"' + MARK)))


def _marked(texts: DataFrame) -> DataFrame:
    return texts.select(_mark(F.col(VALUE)).alias(VALUE))


def _words(texts: DataFrame, shape: StructType, keys: StructType) -> glue.StructType | None:
    """Return the fields of records that hold strings and nothing else, as feeds do; None for any others.

    Whether a value is no string shows behind its name's quote and colon, in a fraction of the time of another parse. (In
    a string that means an escaped quote: such records are looked at like others.)
    """
    names = [one.name for one in shape.fields if one.name not in keys.names]
    if not names or not all(isinstance(shape[name].dataType, spark.StringType) for name in names):
        return None
    if _CORRUPT in names or texts.where(F.col(VALUE).rlike(r'"\s*+:\s*+[^"\s]')).limit(1).count():
        return None
    return glue.StructType([glue.Field(name, glue.StringType()) for name in names])


def _looked(texts: DataFrame, shape: StructType, multi_line: bool) -> glue.StructType:
    fields = [field for field in shape.fields if field.name != _CORRUPT]
    named = StructType([StructField(MARK + one.name, _renamed(one.dataType)) for one in fields])
    return _resolved(_marked(texts), named, multi_line)


def _renamed(kind: DataType) -> DataType:
    if isinstance(kind, StructType):
        return StructType([StructField(MARK + one.name, _renamed(one.dataType)) for one in kind.fields])
    return spark.ArrayType(_renamed(kind.elementType)) if isinstance(kind, spark.ArrayType) else kind


def _inferred(marked: DataFrame) -> glue.StructType:
    session = marked.sparkSession
    strings = getattr(marked._jdf, "as")(session._jvm.org.apache.spark.sql.Encoders.STRING())
    # PySpark's reader takes an RDD of Python strings only; the JVM's takes the column as it is.
    jdf = session.read.options(**_STRICT)._jreader.json(strings)
    shape = DataFrame(jdf, session).schema
    return _resolved(marked, StructType([one for one in shape.fields if one.name != _CORRUPT]), False)


def _resolved(marked: DataFrame, shape: StructType, multi_line: bool) -> glue.StructType:
    """Return the types behind a shape that Spark inferred from marked texts."""
    records = _records(marked, shape, multi_line)
    leaves = look(records, shape)

    def fields(kind: StructType, path: tuple[str, ...]) -> glue.StructType:
        named = [(unmarked_name(one.name), one.dataType, (*path, one.name)) for one in kind.fields]
        return glue.StructType([glue.Field(name, of(one, below)) for name, one, below in named])

    def of(kind: DataType, path: tuple[str, ...]) -> glue.DataType:
        if isinstance(kind, StructType):
            return fields(kind, path)
        if isinstance(kind, spark.ArrayType):
            return glue.ArrayType(of(kind.elementType, (*path, "[]")))
        return _leaf_type(records, leaves[path])

    return fields(shape, ())


def _records(marked: DataFrame, shape: StructType, multi_line: bool) -> DataFrame:
    loose = _loose(shape)
    if multi_line:  # a file holds one object, or an array of them
        return marked.select(F.explode(F.from_json(VALUE, spark.ArrayType(loose), _STRICT)).alias("r")).select("r.*")
    return marked.select(F.from_json(VALUE, loose, _STRICT).alias("r")).select("r.*")


def _loose(kind: DataType) -> DataType:
    """Return the type that parses a leaf so that its token shows: numbers with a fraction as text."""
    if isinstance(kind, StructType):
        return StructType([StructField(one.name, _loose(one.dataType)) for one in kind.fields])
    if isinstance(kind, spark.ArrayType):
        return spark.ArrayType(_loose(kind.elementType))
    return spark.StringType() if isinstance(kind, spark.DoubleType) else kind


def _leaf_type(records: DataFrame, leaf: Leaf) -> glue.DataType:
    choices: list[glue.DataType] = [one() for one in leaf.plain]
    for first in leaf.shaped:
        # An object or an array where others have a word: what is in it is inferred from its own text.
        texts = leaf.texts(records, first).select(F.concat(F.lit(f'{{"{MARK}v":'), VALUE, F.lit("}")).alias(VALUE))
        choices.append(_inferred(texts).getField("v").dataType)
    if not choices:
        return glue.NullType()
    return choices[0] if len(choices) == 1 else glue.ChoiceType(choices)


def _has_choice(kind: glue.DataType) -> bool:
    if isinstance(kind, glue.StructType):
        return any(_has_choice(one.dataType) for one in kind)
    if isinstance(kind, glue.ArrayType):
        return _has_choice(kind.elementType)
    return isinstance(kind, glue.ChoiceType)


def _from_files(reader: Any, kind: glue.StructType, lines: Lines) -> DataFrame:
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


def _from_texts(texts: DataFrame, kind: glue.StructType, lines: Lines, malformed: bool) -> DataFrame:
    keys = [F.col(f"`{name}`") for name in lines.keys.names]
    wire = _wire(kind)
    text = _mark(F.col(VALUE))
    if lines.multi_line:
        many = F.from_json(text, spark.ArrayType(wire), _STRICT)
        rows = texts.select(F.col(VALUE), F.explode_outer(many).alias("r"), *keys)
        bad = F.col("r").isNull()
    else:
        corrupt = StructType([*wire.fields, StructField(_CORRUPT, spark.StringType())])
        options = {**_STRICT, "columnNameOfCorruptRecord": _CORRUPT}
        rows = texts.select(F.col(VALUE), F.from_json(text, corrupt, options).alias("r"), *keys)
        bad = F.col(f"r.{_CORRUPT}").isNotNull()
    columns = [_value(_field("r", one), one.dataType).alias(one.name) for one in kind]
    if not malformed:
        return rows.select(*columns, *keys)
    wrong = F.when(bad, error("error in jackson reader", F.col(VALUE)))
    return rows.select(*columns, *keys, wrong.alias(COLUMN))


def _field(parent: str, field: glue.Field) -> Column:
    return F.lit(None) if isinstance(field.dataType, glue.NullType) else F.col(f"{parent}.`{MARK}{field.name}`")


_WIRE: Mapping[type, Callable[[], DataType]] = {glue.IntegerType: spark.LongType, glue.ChoiceType: spark.StringType}


def _wire(kind: glue.DataType) -> Any:
    """Return how a type is parsed from marked text: a choice as text, a field without values not at all."""
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
    """Return what was parsed from marked text as the type it has."""
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
        "decimal": F.when(number, text.cast("decimal(38,0)")),
    }
    parts = []
    for one in kind.choices:
        name = one.typeName()
        if name in shaped:
            whole_text = F.concat(F.lit(f'{{"{MARK}v":'), text, F.lit("}"))
            wrapped = glue.StructType([glue.Field("v", one)])
            inner = F.from_json(F.when(first == shaped[name], whole_text), _wire(wrapped), _STRICT)
            parts.append(_value(inner.getField(f"{MARK}v"), one).alias(name))
        else:
            parts.append(tests[name].alias(name))
    return F.when(text.isNotNull(), F.struct(*parts)).cast(to_spark(kind))
