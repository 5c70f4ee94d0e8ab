"""Choice columns: a struct with one field per type name, marked in the schema; and how each action resolves them."""

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructField, StructType

from awsglue.paths import parts

_MARK = {"glue.choice": True}
_SPARK = {"long": "bigint", "integer": "int", "short": "smallint", "byte": "tinyint", "decimal": "decimal(10,2)"}


def spark_type(name: str) -> str:
    """Return Spark's name of a Glue type, whose names know no case."""
    lower = name.strip().lower()
    return _SPARK.get(lower, lower)


def is_choice(field: StructField) -> bool:
    """Return whether a column is a choice."""
    return bool((field.metadata or {}).get("glue.choice"))


def as_choice(column: Column, name: str) -> Column:
    """Return a struct column, one field per type name, marked as a choice."""
    return column.alias(name, metadata=_MARK)


def strays(frame: DataFrame, types: dict[str, str]) -> DataFrame:
    """Return a frame of strings with its columns typed; one with values that do not parse becomes a choice.

    Looks at the data once, as Glue does.
    """
    typed = {name: spark_type(kind) for name, kind in types.items() if spark_type(kind) != "string"}
    if not typed:
        return frame
    misfits = [F.max(_misfit(name, kind)).alias(name) for name, kind in typed.items()]
    found = frame.agg(*misfits).first()
    return frame.select(
        *(_typed(name, typed.get(name), bool(found and found.asDict().get(name))) for name in frame.columns)
    )


def _parsed(name: str, kind: str) -> Column:
    return F.expr(f"try_cast(`{name}` as {kind})")


def _misfit(name: str, kind: str) -> Column:
    return F.col(f"`{name}`").isNotNull() & _parsed(name, kind).isNull()


def _typed(name: str, kind: str | None, mixed: bool) -> Column:
    if kind is None:
        return F.col(f"`{name}`")
    if not mixed:
        return _parsed(name, kind).alias(name)
    label = {spark: glue for glue, spark in _SPARK.items() if glue != "integer"}.get(kind, kind)
    stray = F.when(_misfit(name, kind), F.col(f"`{name}`"))
    both = F.struct(_parsed(name, kind).alias(label), stray.alias("string"))
    return as_choice(F.when(F.col(f"`{name}`").isNotNull(), both), name)


def resolve(frame: DataFrame, specs: Iterable[tuple[str, str]]) -> DataFrame:
    """Return ``frame`` with each (path, action) carried out; make_cols appends its columns behind the others.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-transforms-ResolveChoice.html
    """
    for path, action in specs:
        if "[]" in path or len(parts(path)) > 1:
            raise NotImplementedError(f"resolveChoice of the nested path {path!r} is not emulated yet")
        name = parts(path)[0]
        if name in frame.columns:
            frame = _resolved(frame, frame.schema[name], action)
    return frame


def resolve_all(frame: DataFrame, action: str) -> DataFrame:
    """Return ``frame`` with every choice resolved by one action."""
    return resolve(frame, [(f"`{field.name}`", action) for field in frame.schema.fields if is_choice(field)])


def _resolved(frame: DataFrame, field: StructField, action: str) -> DataFrame:
    verb, _, kind = action.partition(":")
    if verb not in ("cast", "project", "make_cols", "make_struct") or (verb in ("cast", "project")) != bool(kind):
        raise ValueError(
            f"the action of {field.name!r} is cast:<type>, project:<type>, make_cols or make_struct, not {action!r}"
        )
    here = F.col(f"`{field.name}`")
    if not is_choice(field):
        return (
            frame.withColumn(field.name, F.expr(f"try_cast(`{field.name}` as {spark_type(kind)})")) if kind else frame
        )
    types = field.dataType.names if isinstance(field.dataType, StructType) else []
    if verb == "cast":
        casts = [F.expr(f"try_cast(`{field.name}`.`{one}` as {spark_type(kind)})") for one in types]
        return frame.withColumn(field.name, F.coalesce(*casts))
    if verb == "project":
        own = [one for one in types if spark_type(one) == spark_type(kind)]
        value = here.getField(own[0]) if own else F.lit(None).cast(spark_type(kind))
        return frame.withColumn(field.name, value)
    if verb == "make_struct":
        return frame.select(
            *(
                here.alias(field.name, metadata={"glue.choice": False}) if n == field.name else F.col(f"`{n}`")
                for n in frame.columns
            )
        )
    others = [F.col(f"`{name}`") for name in frame.columns if name != field.name]
    return frame.select(*others, *(here.getField(one).alias(f"{field.name}_{one}") for one in types))
