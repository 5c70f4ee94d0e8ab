"""Which fields of lines of JSON hold nothing but strings: told by Spark's inference, over lines that are rewritten.

Spark's inference calls text what is a string, and also what has several types. Where each string is replaced by true,
and each true or false by an object with a key that no text has, strings alone are booleans and only the rest is text.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql import types as spark
from pyspark.sql.types import DataType, StructField, StructType

from awsglue.kinds import MARK

KEY = "\uffff"  # Unicode assigns it to nothing, and bytes that are not UTF-8 are read as another
# What JSON does not allow ends the match: the rest of the line stays as it is, and Spark finds the error itself.
_STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
# A string that is a whole line is no record, and stays.
_START = r'(?:^(?!\s*+")|(?!^)\G)'
_END = r"(?=\s*+[,}\]])"
# An empty string is no string to Spark's inference, but nothing: it stays.
_TO_STRING = rf'({_START}[^"]*+(?:(?:""|{_STRING}\s*+:)[^"]*+)*+){_STRING}{_END}'
_TO_BOOLEAN = rf'({_START}(?:[^"tf]++|{_STRING}|t(?!rue)|f(?!alse))*+)(?:true|false)'


def told(text: Column) -> Column:
    """Return lines of JSON with true for each string, and an object for each true or false."""
    objects = F.regexp_replace(text, _TO_BOOLEAN, f'$1{{"{KEY}":0}}')
    has = F.contains(text, F.lit("true")) | F.contains(text, F.lit("false"))
    return F.regexp_replace(F.when(has, objects).otherwise(text), _TO_STRING, "$1true")


def shape_of(found: DataType) -> DataType:
    """Return the shape of the lines themselves, their names marked, from that of the lines that ``told`` made.

    A field of strings alone is a boolean in it still: those are ``settled``, and nothing else is a boolean.
    """
    if isinstance(found, StructType):
        if KEY in found.names:  # a boolean, perhaps beside an object, also an empty one: only a look can tell
            return spark.StringType()
        return StructType([StructField(MARK + one.name, shape_of(one.dataType)) for one in found.fields])
    return spark.ArrayType(shape_of(found.elementType)) if isinstance(found, spark.ArrayType) else found


def unsettled(shape: DataType) -> DataType | None:
    """Return the part of a shape that needs a look, None where nothing does."""
    if isinstance(shape, StructType):
        parts = [(one.name, unsettled(one.dataType)) for one in shape.fields]
        kept = [StructField(name, part) for name, part in parts if part is not None]
        return StructType(kept) if kept else None
    if isinstance(shape, spark.ArrayType):
        inner = unsettled(shape.elementType)
        return None if inner is None else spark.ArrayType(inner)
    return None if isinstance(shape, spark.BooleanType) else shape
