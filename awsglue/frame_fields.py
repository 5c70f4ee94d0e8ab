"""The transforms that change what fields records have."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pyspark.sql import DataFrame

from . import catalog, ddb, fields, mapping, unboxing
from .choice import match, resolve, resolve_all
from .errors import step
from .frame_base import Frame
from .paths import parts, quoted

Self = TypeVar("Self", bound="FieldTransforms")


class FieldTransforms(Frame):
    """Transforms of fields; info, stageThreshold and totalThreshold are what ``errors.Step`` says."""

    def apply_mapping(
        self: Self,
        mappings: Any,
        case_sensitive: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Rename, cast, nest and un-nest fields; those not mapped are dropped."""
        where, wanted = step(info, stageThreshold, totalThreshold), mapping.read(mappings)
        return self._then(lambda frame: mapping.apply(frame, wanted, case_sensitive), where)

    def applyMapping(self: Self, *args: Any, **kwargs: Any) -> Self:
        """Do as apply_mapping, with the mappings as a list or one by one."""
        listed = args[0] if len(args) == 1 and isinstance(args[0], list) else list(args)
        return self.apply_mapping(listed, **kwargs) if args else self.apply_mapping(**kwargs)

    def select_fields(
        self: Self,
        paths: Any,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Keep these top-level fields; unknown ones are passed over."""
        names = [parts(path)[0] for path in listed(paths)]
        where = step(info, stageThreshold, totalThreshold)

        def selected(frame: DataFrame) -> DataFrame:
            known = frozenset(frame.columns)
            return frame.select(*(quoted([name]) for name in names if name in known))

        return self._then(selected, where)

    def drop_fields(
        self: Self,
        paths: Any,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Drop these fields, also in structs and arrays of structs; unknown ones are passed over."""
        where = step(info, stageThreshold, totalThreshold)
        return self._then(lambda frame: fields.drop_fields(frame, listed(paths)), where)

    def rename_field(
        self: Self,
        oldName: str,
        newName: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Rename a field, from full path to full path; backticks quote a dot in a name."""
        where = step(info, stageThreshold, totalThreshold)
        return self._then(lambda frame: fields.rename(frame, oldName, newName), where)

    def drop_null_fields(
        self: Self, transformation_ctx: str = "", info: str = "", stageThreshold: int = 0, totalThreshold: int = 0
    ) -> Self:
        """Drop the fields whose type is null, also in structs and arrays of structs; what DropNullFields does."""

        def kept(frame: DataFrame) -> DataFrame:
            nulls = [".".join(path) for path in fields.null_fields(frame.schema)]
            print(f"null_fields {nulls}")  # noqa: T201 - as Glue prints it
            return fields.drop_null_fields(frame)

        return self._then(kept, step(info, stageThreshold, totalThreshold))

    def unnest(
        self: Self, transformation_ctx: str = "", info: str = "", stageThreshold: int = 0, totalThreshold: int = 0
    ) -> Self:
        """Make nested fields top-level ones, their names joined by dots; arrays stay."""
        return self._then(fields.unnested, step(info, stageThreshold, totalThreshold))

    def unnest_ddb_json(
        self: Self, transformation_ctx: str = "", info: str = "", stageThreshold: int = 0, totalThreshold: int = 0
    ) -> Self:
        """Take DynamoDB's type wrappers off and make attributes, also those in maps, top-level fields."""
        return self._then(ddb.unnest, step(info, stageThreshold, totalThreshold))

    def simplify_ddb_json(self: Self) -> Self:
        """Take DynamoDB's type wrappers off; maps stay nested."""
        return self._then(ddb.simplify, step("", 0, 0))

    def unbox(
        self: Self,
        path: str,
        format: str,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
        **options: Any,
    ) -> Self:
        """Parse the text in a field (json, csv) into a struct; options are separator, escaper, skipFirst, withSchema,
        withHeader.
        """
        unboxing.check(format, options)
        where = step(info, stageThreshold, totalThreshold)
        return self._then(lambda frame: unboxing.unboxed(frame, path, format, options), where, later=True)

    def resolveChoice(
        self: Self,
        specs: Any = None,
        choice: str = "",
        database: str | None = None,
        table_name: str | None = None,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
        catalog_id: str | None = None,
    ) -> Self:
        """Resolve choices: ``specs`` path by path, or all by one ``choice``, match_catalog among them."""
        if specs and choice:
            raise ValueError("Parameter specs and option are both specified, choose one.")
        if not specs and not choice:
            raise ValueError("Parameter specs and option are both missing, add one.")
        where = step(info, stageThreshold, totalThreshold)
        if specs:
            several = [specs] if isinstance(specs, tuple) else list(specs)
            return self._then(lambda frame: resolve(frame, several), where)
        # Generated scripts write it in capitals.
        if choice.lower() != "match_catalog":
            return self._then(lambda frame: resolve_all(frame, choice), where)
        if not database or not table_name:
            raise ValueError("match_catalog needs database and table_name")
        described = catalog.table(database, table_name, catalog_id)
        columns = [*described["StorageDescriptor"]["Columns"], *described.get("PartitionKeys", [])]
        types = {column["Name"]: column.get("Type", "string") for column in columns}
        return self._then(lambda frame: match(frame, types), where)


def listed(paths: Any) -> Sequence[str]:
    """Return paths as a list, one among them that a script gave alone."""
    return [paths] if isinstance(paths, str) else list(paths)
