"""DynamicFrame: a Spark DataFrame with Glue's transforms."""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from awsglue import catalog, choice, fields, mapping, python_rows, unemulated
from awsglue.gluetypes import Struct, from_spark, tree
from awsglue.paths import find, parts, quoted

_TAIL = ("transformation_ctx", "info", "stageThreshold", "totalThreshold")


class DynamicFrame(unemulated.Loud):
    """Records that describe themselves.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html
    Every transform takes transformation_ctx, info, stageThreshold and totalThreshold; thresholds other than 0 raise.
    """

    _unemulated = unemulated.FRAME

    def __init__(self, jdf: DataFrame | Callable[[], DataFrame], glue_ctx: Any, name: str = "") -> None:
        self._source, self.glue_ctx, self.name = jdf, glue_ctx, name

    @cached_property
    def _frame(self) -> DataFrame:
        return self._source() if callable(self._source) else self._source

    @classmethod
    def fromDF(cls, dataframe: DataFrame, glue_ctx: Any, name: str = "") -> "DynamicFrame":
        """Return a DataFrame's records as a DynamicFrame."""
        return cls(dataframe, glue_ctx, name)

    def toDF(self, options: Sequence[Any] | None = None) -> DataFrame:
        """Return the records as a DataFrame; a choice is a struct with one field per type."""
        if options:
            unemulated.refuse("DynamicFrame.toDF with options")
        return self._frame

    def schema(self) -> Struct:
        """Return the schema in Glue's types."""
        return from_spark(self._frame.schema)

    def printSchema(self) -> None:
        """Print the schema as Glue does."""
        print("root\n" + "\n".join(tree(self.schema())))  # noqa: T201 - what this method is for

    def show(self, num_rows: int = 20) -> None:
        """Print records as JSON, one a line."""
        for text in self._frame.limit(num_rows).toJSON().collect():
            print(json.dumps(json.loads(text), ensure_ascii=False))  # noqa: T201 - what this method is for

    def count(self) -> int:
        """Return the number of records."""
        return int(self._frame.count())

    def getNumPartitions(self) -> int:
        """Return the number of partitions."""
        return int(self._frame.rdd.getNumPartitions())

    def errors_frame(self) -> "DynamicFrame":
        """Return the empty frame ``<name>_errors`` that a write gives back."""
        empty = self.glue_ctx.spark_session.createDataFrame([], StructType([]))
        return DynamicFrame(empty, self.glue_ctx, f"{self.name}_errors")

    def _with(self, frame: DataFrame | Callable[[], DataFrame], tail: dict[str, Any], name: str = "") -> "DynamicFrame":
        for option, value in tail.items():
            if option not in _TAIL:
                raise TypeError(f"unexpected keyword argument {option!r}")
            if option.endswith("Threshold") and value:
                raise NotImplementedError(f"{option} is not emulated yet: error records are not counted")
        return DynamicFrame(frame, self.glue_ctx, name or self.name)

    def filter(self, f: Callable[[Any], Any], **tail: Any) -> "DynamicFrame":
        """Keep the records for which ``f`` is true; the schema stays."""
        return self._with(python_rows.keeps(self._frame, f), tail)

    def map(self, f: Callable[[Any], Any], preservesPartitioning: bool = False, **tail: Any) -> "DynamicFrame":
        """Return what ``f`` makes of each record; the schema is inferred when it is first needed."""
        return self._with(lambda: python_rows.mapped(self._frame, f), tail)

    def apply_mapping(self, mappings: Any, case_sensitive: bool = False, **tail: Any) -> "DynamicFrame":
        """Rename, cast, nest and un-nest fields; those not mapped are dropped."""
        return self._with(mapping.apply(self._frame, mappings, case_sensitive), tail)

    def applyMapping(self, *args: Any, **kwargs: Any) -> "DynamicFrame":
        """Do as apply_mapping, with the mappings as a list or one by one."""
        listed = args[0] if len(args) == 1 and isinstance(args[0], list) else list(args)
        return self.apply_mapping(listed, **kwargs) if args else self.apply_mapping(**kwargs)

    def select_fields(self, paths: Any, **tail: Any) -> "DynamicFrame":
        """Keep these top-level fields; unknown ones are passed over."""
        names = [parts(path)[0] for path in _listed(paths)]
        return self._with(self._frame.select(*(quoted([n]) for n in names if n in self._frame.columns)), tail)

    def drop_fields(self, paths: Any, **tail: Any) -> "DynamicFrame":
        """Drop these fields, also in structs and arrays of structs; unknown ones are passed over."""
        return self._with(fields.drop_fields(self._frame, _listed(paths)), tail)

    def rename_field(self, oldName: str, newName: str, **tail: Any) -> "DynamicFrame":
        """Rename a field; backticks quote a dot in a name."""
        old, new = find(self._frame.schema, parts(oldName)), parts(newName)
        if old is None:
            return self._with(self._frame, tail)
        if len(old) > 1 or len(new) > 1:
            unemulated.refuse(f"rename_field of nested fields ({oldName})")
        columns = [F.col(quoted([n])).alias(new[0] if n == old[0] else n) for n in self._frame.columns]
        return self._with(self._frame.select(*columns), tail)

    def join(self, paths1: Any, paths2: Any, frame2: "DynamicFrame", **tail: Any) -> "DynamicFrame":
        """Return the equijoin with the keys of both; a field that both have is ``.name`` on the right."""
        left, right = self._frame.alias("l"), frame2.toDF()
        if not left.columns or not right.columns:  # a source with nothing new: nothing joins
            return self._with((left if left.columns else right).limit(0), tail, self.name + frame2.name)
        renamed = {n: f".{n}" if n in left.columns else n for n in right.columns}
        twice = [new for new in renamed.values() if new.startswith(".") and new in left.columns]
        if twice:
            raise ValueError(f"join would make two fields {twice[0]!r}: rename or drop one of them before")
        right = right.select(*(F.col(quoted([n])).alias(new) for n, new in renamed.items()))
        keys1, keys2 = _listed(paths1), _listed(paths2)
        if len(keys1) != len(keys2):
            raise ValueError(f"join needs as many keys on either side: {keys1} and {keys2}")
        pairs = zip(keys1, keys2, strict=True)
        on = [left[quoted(parts(a))] == right[quoted([renamed.get(parts(b)[0], b), *parts(b)[1:]])] for a, b in pairs]
        return self._with(left.join(right, on, "inner"), tail, self.name + frame2.name)

    def union(self, other_frame: "DynamicFrame", **tail: Any) -> "DynamicFrame":
        """Return the records of both; fields that one lacks are null."""
        return self._with(self._frame.unionByName(other_frame.toDF(), allowMissingColumns=True), tail)

    def repartition(self, num_partitions: int, **tail: Any) -> "DynamicFrame":
        """Return the records in that many partitions."""
        return self._with(self._frame.repartition(num_partitions), tail)

    def coalesce(self, num_partitions: int, shuffle: bool = False, **tail: Any) -> "DynamicFrame":
        """Return the records in at most that many partitions."""
        return (
            self.repartition(num_partitions, **tail)
            if shuffle
            else self._with(self._frame.coalesce(num_partitions), tail)
        )

    def resolveChoice(
        self,
        specs: Any = None,
        choice: str = "",
        database: str | None = None,
        table_name: str | None = None,
        catalog_id: str | None = None,
        **tail: Any,
    ) -> "DynamicFrame":
        """Resolve choices: ``specs`` path by path, or all by one ``choice``, match_catalog among them."""
        if specs and choice:
            raise ValueError("Parameter specs and choice are both specified, choose one.")
        if not specs and not choice:
            raise ValueError("Parameter specs and option are both missing, add one.")
        if choice == "match_catalog":
            if not database or not table_name:
                raise ValueError("match_catalog needs database and table_name")
            columns = catalog.table(database, table_name, catalog_id)["StorageDescriptor"]["Columns"]
            specs = [(f"`{column['Name']}`", f"cast:{column['Type']}") for column in columns]
        if specs:
            return self._with(resolve(self._frame, [specs] if isinstance(specs, tuple) else specs), tail)
        return self._with(resolve_all(self._frame, choice), tail)

    def drop_null_fields(self, **tail: Any) -> "DynamicFrame":
        """Drop the fields whose type is null, also in structs and arrays of structs; what DropNullFields does."""
        nulls = [".".join(path) for path in fields.null_fields(self._frame.schema)]
        print(f"null_fields {nulls}")  # noqa: T201 - as Glue prints it
        return self._with(fields.drop_null_fields(self._frame), tail)

    def write(
        self,
        connection_type: str,
        connection_options: Any = None,
        format: str | None = None,
        format_options: Any = None,
        accumulator_size: int = 0,
    ) -> "DynamicFrame":
        """Write the records; arguments as of GlueContext.write_dynamic_frame_from_options."""
        made = self.glue_ctx.write_from_options(self, connection_type, connection_options, format, format_options)
        return DynamicFrame(made.toDF(), self.glue_ctx, made.name)


resolve, resolve_all = choice.resolve, choice.resolve_all  # the method's parameter hides the module


def _listed(paths: Any) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths)
