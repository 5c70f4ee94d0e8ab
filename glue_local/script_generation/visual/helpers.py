"""What scripts of visual jobs define or import before their nodes, by the name that nodes use.

The functions have the names and parameters of those in Glue Studio's scripts.
"""

from typing import NamedTuple


class Helper(NamedTuple):
    """Imports, and the source of a function that needs them."""

    imports: tuple[str, ...]
    source: str = ""


_FRAME = "from awsglue.dynamicframe import DynamicFrame"
_FUNCTIONS = "from pyspark.sql import functions as SqlFuncs"

HELPERS = {
    "DynamicFrame": Helper((_FRAME,)),
    "DynamicFrameCollection": Helper(("from awsglue.dynamicframe import DynamicFrameCollection",)),
    "re": Helper(("import re",)),
    "FillMissingValues": Helper(("from awsglueml.transforms import FillMissingValues",)),
    "sparkSqlQuery": Helper(
        (_FRAME,),
        '''\
def sparkSqlQuery(glueContext, query, mapping, transformation_ctx) -> DynamicFrame:
    """Run a query in which each frame has its alias in mapping."""
    for alias, frame in mapping.items():
        frame.toDF().createOrReplaceTempView(alias)
    return DynamicFrame.fromDF(glueContext.spark_session.sql(query), glueContext, transformation_ctx)''',
    ),
    "sparkUnion": Helper(
        (_FRAME,),
        '''\
def sparkUnion(glueContext, unionType, mapping, transformation_ctx) -> DynamicFrame:
    """Append the rows of the second frame to those of the first, by position; DISTINCT removes duplicates."""
    first, second = (frame.toDF() for frame in mapping.values())
    rows = first.union(second)
    return DynamicFrame.fromDF(rows.distinct() if unionType == "DISTINCT" else rows, glueContext, transformation_ctx)''',
    ),
    "sparkAggregate": Helper(
        (_FRAME, _FUNCTIONS),
        '''\
def sparkAggregate(glueContext, parentFrame, groups, aggs, transformation_ctx) -> DynamicFrame:
    """Group rows and aggregate columns, each given as [column, function]."""
    columns = [getattr(SqlFuncs, function)(column) for column, function in aggs]
    return DynamicFrame.fromDF(parentFrame.toDF().groupBy(*groups).agg(*columns), glueContext, transformation_ctx)''',
    ),
    "drop_nulls": Helper(
        (_FRAME, _FUNCTIONS),
        '''\
def drop_nulls(glueContext, frame, nullStringSet, nullIntegerSet, transformation_ctx) -> DynamicFrame:
    """Drop the columns in which every value is null or in the set for its type."""
    rows = frame.toDF()
    sets = {"string": nullStringSet, **dict.fromkeys(("byte", "short", "integer", "long"), nullIntegerSet)}

    def has_value(field):
        column = SqlFuncs.col("`" + field.name + "`")
        compared = SqlFuncs.trim(column) if field.dataType.typeName() == "string" else column
        empty = column.isNull() | compared.isin(list(sets.get(field.dataType.typeName(), ())))
        return SqlFuncs.max(SqlFuncs.when(empty, 0).otherwise(1))

    fields = list(rows.schema.fields)
    found = rows.agg(*(has_value(field) for field in fields)).first() if fields else ()
    dropped = ["`" + field.name + "`" for field, value in zip(fields, found) if value == 0]
    return DropFields.apply(frame=frame, paths=dropped, transformation_ctx=transformation_ctx) if dropped else frame''',
    ),
}
