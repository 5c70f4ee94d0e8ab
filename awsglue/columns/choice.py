"""Choice types: merge schemas into choices and resolve choices, at any depth, with Spark expressions only."""

from collections.abc import Callable, Iterable, Sequence

from pyspark.errors import ParseException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, DataType, MapType, StringType, StructType, _parse_datatype_string

from .. import gluetypes as glue
from .casts import try_cast
from .errors import records
from .paths import ELEMENT, steps
from .schemas import ALTERNATIVE, from_spark, glue_type, has_choice, is_choice, mixed, to_spark, unmarked

_SPARK = {
    **{"long": "bigint", "integer": "int", "short": "smallint", "byte": "tinyint"},
    **{"decimal": "decimal(10,2)", "null": "void"},
}
_ACTIONS = ("cast", "project", "make_cols", "make_struct")

# Turns a field (name, type, column) into the columns that replace it.
Action = Callable[[str, DataType, Column], list[Column]]


def spark_type(name: str) -> str:
    """Return Spark's name for a Glue type; case does not matter."""
    lower = name.strip().lower()
    return _SPARK.get(lower, lower)


def parsed_type(kind: str) -> DataType:
    """Parse a type in Glue's or Hive's notation, such as ``array<struct<price:long>>``; ValueError if invalid."""
    try:
        return _parse_datatype_string(spark_type(kind))
    except ParseException as wrong:
        raise ValueError(f"unknown type {kind!r}") from wrong


def convert(column: Column, have: glue.DataType, want: glue.DataType) -> Column:
    """Convert a column from type ``have`` to ``want``, a supertype merged from ``have`` and others."""
    if have == want:
        return column
    if isinstance(have, glue.NullType | glue.UnknownType):
        return F.lit(None).cast(to_spark(want))
    if isinstance(want, glue.ChoiceType):
        return _as_choice(column, have, want)
    if isinstance(want, glue.StructType) and isinstance(have, glue.StructType):
        return F.when(column.isNotNull(), F.struct(*convert_fields(have, want, column.getField))).cast(to_spark(want))
    if isinstance(want, glue.ArrayType) and isinstance(have, glue.ArrayType):
        inner, wanted = have.elementType, want.elementType
        return F.transform(column, lambda element: convert(element, inner, wanted))
    if isinstance(want, glue.MapType) and isinstance(have, glue.MapType):
        value, wanted = have.valueType, want.valueType
        return F.transform_values(column, lambda _, one: convert(one, value, wanted))
    return column.cast(to_spark(want))


def convert_fields(have: glue.StructType, want: glue.StructType, column: Callable[[str], Column]) -> list[Column]:
    """Return one column for each field of ``want``; fields missing from ``have`` are null."""
    return [
        (
            convert(column(one.name), have.getField(one.name).dataType, one.dataType)
            if have.hasField(one.name)
            else F.lit(None).cast(to_spark(one.dataType))
        ).alias(one.name)
        for one in want
    ]


def _as_choice(column: Column, have: glue.DataType, want: glue.ChoiceType) -> Column:
    def alternative(kind: glue.DataType) -> Column:
        name = kind.typeName()
        own = have.get(name) if isinstance(have, glue.ChoiceType) else have if have.typeName() == name else None
        if own is None:
            return F.lit(None).cast(to_spark(kind)).alias(name)
        return convert(column.getField(name) if own is not have else column, own, kind).alias(name)

    return F.when(column.isNotNull(), F.struct(*map(alternative, want.choices))).cast(to_spark(want))


def union(left: DataFrame, right: DataFrame) -> DataFrame:
    """Return the records of both frames. Missing fields are null; fields whose types differ become choices."""
    have = from_spark(left.schema), from_spark(right.schema)
    if have[0] == have[1]:
        return left.union(right)
    want = glue.mergeDataTypes(*have)
    return convert_frame(left, want).union(convert_frame(right, want))


def convert_frame(frame: DataFrame, want: glue.DataType) -> DataFrame:
    """Convert a frame to ``want``, a schema merged from its own and others."""
    have = from_spark(frame.schema)
    if have == want or not isinstance(want, glue.StructType):
        return frame
    return frame.select(*convert_fields(have, want, lambda name: F.col(f"`{name}`")))


def choices_as_structs(frame: DataFrame) -> DataFrame:
    """Return the frame with choices as plain structs, as ``toDF`` shows them."""
    if not mixed(frame.schema):
        return frame
    return frame.select(
        *(
            F.col(f"`{one.name}`").cast(unmarked(one.dataType)).alias(one.name)
            if has_choice(one.dataType)
            else F.col(f"`{one.name}`")
            for one in frame.schema.fields
        )
    )


def cast_strings(frame: DataFrame, types: dict[str, str]) -> DataFrame:
    """Cast string columns to the given types. A column with values that do not parse becomes a choice.

    Scans the data once, as Glue does.
    """
    typed = {name: spark_type(kind) for name, kind in types.items() if spark_type(kind) != "string"}
    if not typed:
        return frame
    misfits = [F.max(_misfit(name, kind)).alias(name) for name, kind in typed.items()]
    found = records(frame).agg(*misfits).first()
    seen = found.asDict() if found else {}
    return frame.select(*(_typed(name, typed.get(name), bool(seen.get(name))) for name in frame.columns))


def _misfit(name: str, kind: str) -> Column:
    return F.col(f"`{name}`").isNotNull() & F.expr(f"try_cast(`{name}` as {kind})").isNull()


def _typed(name: str, kind: str | None, mixed: bool) -> Column:
    here = F.col(f"`{name}`")
    if kind is None:
        return here
    parsed = F.expr(f"try_cast(`{name}` as {kind})")
    if not mixed:
        return parsed.alias(name)
    own = glue_type(parsed_type(kind))
    parts = {own.typeName(): parsed, "string": F.when(parsed.isNull(), here)}
    want = glue.ChoiceType([own, glue.StringType()])
    both = F.struct(*(parts[one.typeName()].alias(one.typeName()) for one in want.choices))
    return F.when(here.isNotNull(), both).cast(to_spark(want)).alias(name)


def resolve(frame: DataFrame, specs: Iterable[tuple[str, str]]) -> DataFrame:
    """Apply each (path, action) to the frame; make_cols appends its columns at the end.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ResolveChoice.html
    """
    for path, action in specs:
        done = _action(path, action)
        frame = frame.select(*_fields(frame.schema, lambda name: F.col(f"`{name}`"), steps(path), done))
    return frame


def resolve_every_choice(frame: DataFrame, action: str) -> DataFrame:
    """Resolve every choice, at any depth, with the same action."""
    done = _action("choice", action)
    while mixed(frame.schema):  # one more round for each level of choices inside choices
        columns = [_everywhere(one.name, one.dataType, F.col(f"`{one.name}`"), done) for one in frame.schema.fields]
        frame = frame.select(*_flat(columns))
    return frame


def match_types(frame: DataFrame, types: dict[str, str]) -> DataFrame:
    """Cast each choice to the type of the catalog table's column; choices without such a column stay."""
    by_name = {name.lower(): kind for name, kind in types.items()}
    columns = []
    for one in frame.schema.fields:
        kind, here = by_name.get(one.name.lower()), F.col(f"`{one.name}`")
        wanted = parsed_type(kind) if kind and has_choice(one.dataType) else None
        columns.append(here if wanted is None else _matched(one.dataType, here, wanted).alias(one.name))
    return frame.select(*columns)


def _matched(kind: DataType, column: Column, wanted: DataType) -> Column:
    if is_choice(kind):
        return cast(kind, column, wanted)
    if isinstance(kind, ArrayType) and isinstance(wanted, ArrayType):
        return F.transform(column, lambda one: _matched(kind.elementType, one, wanted.elementType))
    if not isinstance(kind, StructType) or not isinstance(wanted, StructType):
        return column
    types = {one.name.lower(): one.dataType for one in wanted.fields}
    inside = [(one, column.getField(one.name), types.get(one.name.lower())) for one in kind.fields]
    parts = [_matched(one.dataType, here, there) if there else here for one, here, there in inside]
    named = [part.alias(one.name) for part, one in zip(parts, kind.fields, strict=True)]
    return F.when(column.isNotNull(), F.struct(*named))


def _action(path: str, action: str) -> Action:
    verb, _, kind = action.partition(":")
    verb = verb.strip().lower()
    if verb not in _ACTIONS or (verb in ("cast", "project")) != bool(kind):
        raise ValueError(
            f"invalid action {action!r} for {path!r}: use cast:<type>, project:<type>, make_cols or make_struct"
        )
    if kind:
        target = parsed_type(kind)
        act = cast if verb == "cast" else project
        return lambda name, here, column: [act(here, column, target).alias(name)]
    return _make_cols if verb == "make_cols" else _make_struct


def cast(kind: DataType, column: Column, target: DataType) -> Column:
    """Cast all values to ``target``; null if a value cannot be cast."""
    if not is_choice(kind):
        return _try_cast(kind, column, target)
    alternatives = [(one.dataType, column.getField(one.name)) for one in kind.fields]
    return F.coalesce(*(_try_cast(one, here, target) for one, here in alternatives))


def _try_cast(kind: DataType, column: Column, target: DataType) -> Column:
    if isinstance(target, StringType) and isinstance(kind, StructType | ArrayType | MapType):
        return F.to_json(column)
    shapes = (StructType, ArrayType, MapType)
    if isinstance(kind, shapes) != isinstance(target, shapes):
        return F.lit(None).cast(target)
    return try_cast(column, target)


def project(kind: DataType, column: Column, target: DataType) -> Column:
    """Keep only the values of type ``target``; a field that is not a choice is cast."""
    if not is_choice(kind):
        return _try_cast(kind, column, target)
    own = [one.name for one in kind.fields if one.dataType == target]
    return _bare(column.getField(own[0])) if own else F.lit(None).cast(target)


def _make_cols(name: str, kind: DataType, column: Column) -> list[Column]:
    if not is_choice(kind):
        return [column.alias(name)]
    return [_bare(column.getField(one.name)).alias(f"{name}_{one.name}") for one in kind.fields]


def _bare(column: Column) -> Column:
    # A field taken out of a struct keeps the field's metadata; an expression over it does not.
    return F.coalesce(column)


def _make_struct(name: str, kind: DataType, column: Column) -> list[Column]:
    return [(column.cast(unmarked(kind)) if is_choice(kind) else column).alias(name)]


def _flat(columns: Sequence[list[Column]]) -> list[Column]:
    # Columns from make_cols come after the other fields, as on AWS's page.
    single = [some[0] for some in columns if len(some) == 1]
    return single + [one for some in columns if len(some) > 1 for one in some]


def _fields(schema: StructType, column: Callable[[str], Column], path: Sequence[str], action: Action) -> list[Column]:
    columns = [
        _at(one.name, one.dataType, column(one.name), path[1:], action)
        if path[0] == one.name
        else [column(one.name).alias(one.name)]
        for one in schema.fields
    ]
    return _flat(columns)


def _at(name: str, kind: DataType, column: Column, path: Sequence[str], action: Action) -> list[Column]:
    if not path:
        return action(name, kind, column)
    if isinstance(kind, ArrayType):
        below = path[1:] if path[0] == ELEMENT else path
        return [F.transform(column, lambda one: _one(_at("element", kind.elementType, one, below, action))).alias(name)]
    if not isinstance(kind, StructType) or is_choice(kind):
        return [column.alias(name)]
    return [F.when(column.isNotNull(), F.struct(*_fields(kind, column.getField, path, action))).alias(name)]


def _one(columns: list[Column]) -> Column:
    # An array has one element type, so the columns from make_cols become a struct.
    return columns[0] if len(columns) == 1 else F.struct(*columns)


def _everywhere(name: str, kind: DataType, column: Column, action: Action) -> list[Column]:
    if not has_choice(kind):
        return [column.alias(name)]
    if is_choice(kind) and not any(has_choice(one.dataType) for one in kind.fields):
        return action(name, kind, column)
    if isinstance(kind, ArrayType):
        inner = kind.elementType
        return [F.transform(column, lambda one: _one(_everywhere("element", inner, one, action))).alias(name)]
    if isinstance(kind, MapType):
        value = kind.valueType
        return [F.transform_values(column, lambda _, one: _one(_everywhere("value", value, one, action))).alias(name)]
    columns = [_everywhere(one.name, one.dataType, column.getField(one.name), action) for one in kind.fields]
    if is_choice(kind):  # resolve its alternatives first; the next round resolves the choice itself
        mark = {ALTERNATIVE: True}
        flat = [_one(some).alias(one.name, metadata=mark) for some, one in zip(columns, kind.fields, strict=True)]
    else:
        flat = _flat(columns)
    return [F.when(column.isNotNull(), F.struct(*flat)).alias(name)]
