"""DynamicFrame methods that change fields."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pyspark.sql import DataFrame

from ..columns import dynamodb_json, fields, mapping
from ..columns.choice import match_types, resolve, resolve_every_choice
from ..columns.error_arguments import ErrorArguments, takes_error_arguments
from ..columns.errors import step
from ..columns.paths import parts, quoted
from ..data_catalog import catalog_tables
from ..json_types import unbox
from .base import Frame

if TYPE_CHECKING:
    from typing_extensions import Unpack

Self = TypeVar("Self", bound="FieldTransforms")


class FieldTransforms(Frame):
    """Transforms of fields."""

    @takes_error_arguments
    def apply_mapping(
        self: Self,
        mappings: Any,
        case_sensitive: bool = False,
        transformation_ctx: str = "",
        **errors: "Unpack[ErrorArguments]",
    ) -> Self:
        """Rename, cast, nest and unnest fields; fields that are not mapped are dropped."""
        where, wanted = step(**errors), mapping.parse(mappings)
        return self._then(lambda frame: mapping.apply(frame, wanted, case_sensitive), where)

    def applyMapping(self: Self, *args: Any, **kwargs: Any) -> Self:
        """Like apply_mapping, with the mappings as a list or as separate arguments."""
        listed = args[0] if len(args) == 1 and isinstance(args[0], list) else list(args)
        return self.apply_mapping(listed, **kwargs) if args else self.apply_mapping(**kwargs)

    @takes_error_arguments
    def select_fields(self: Self, paths: Any, transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]") -> Self:
        """Keep these top-level fields; unknown names are ignored."""
        names = [parts(path)[0] for path in listed(paths)]
        where = step(**errors)

        def selected(frame: DataFrame) -> DataFrame:
            known = frozenset(frame.columns)
            return frame.select(*(quoted([name]) for name in names if name in known))

        return self._then(selected, where)

    @takes_error_arguments
    def drop_fields(self: Self, paths: Any, transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]") -> Self:
        """Drop these fields, also inside structs and arrays of structs; unknown names are ignored."""
        where = step(**errors)
        return self._then(lambda frame: fields.drop_fields(frame, listed(paths)), where)

    @takes_error_arguments
    def rename_field(
        self: Self, oldName: str, newName: str, transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]"
    ) -> Self:
        """Rename a field from one full path to another; backticks quote names with dots."""
        where = step(**errors)
        return self._then(lambda frame: fields.rename(frame, oldName, newName), where)

    @takes_error_arguments
    def drop_null_fields(self: Self, transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]") -> Self:
        """Drop the fields of type null, also inside structs and arrays of structs, as DropNullFields does."""

        def kept(frame: DataFrame) -> DataFrame:
            nulls = [".".join(path) for path in fields.null_fields(frame.schema)]
            print(f"null_fields {nulls}")  # noqa: T201 - Glue prints this line
            return fields.drop_null_fields(frame)

        return self._then(kept, step(**errors))

    @takes_error_arguments
    def unnest(self: Self, transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]") -> Self:
        """Turn nested fields into top-level fields with dotted names; arrays are unchanged."""
        return self._then(fields.unnest_structs, step(**errors))

    @takes_error_arguments
    def unnest_ddb_json(self: Self, transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]") -> Self:
        """Remove DynamoDB's type wrappers and turn attributes, also those in maps, into top-level fields."""
        return self._then(dynamodb_json.unnest, step(**errors))

    def simplify_ddb_json(self: Self) -> Self:
        """Remove DynamoDB's type wrappers; maps stay nested."""
        return self._then(dynamodb_json.simplify, step())

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
        """Parse the text in a field (json or csv) into a struct.

        Options: separator, escaper, skipFirst, withSchema, withHeader.
        """
        unbox.check(format, options)
        where = step(info, stageThreshold, totalThreshold)
        return self._then(lambda frame: unbox.unboxed(frame, path, format, options), where, later=True)

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
        """Resolve choices path by path with ``specs``, or all of them with one ``choice`` (also match_catalog)."""
        if specs and choice:
            raise ValueError("Parameter specs and option are both specified, choose one.")
        if not specs and not choice:
            raise ValueError("Parameter specs and option are both missing, add one.")
        where = step(info, stageThreshold, totalThreshold)
        if specs:
            several = [specs] if isinstance(specs, tuple) else list(specs)
            return self._then(lambda frame: resolve(frame, several), where)
        # Generated scripts write MATCH_CATALOG.
        if choice.lower() != "match_catalog":
            return self._then(lambda frame: resolve_every_choice(frame, choice), where)
        if not database or not table_name:
            raise ValueError("resolveChoice: match_catalog needs database and table_name")
        described = catalog_tables.table(database, table_name, catalog_id)
        columns = [*described["StorageDescriptor"]["Columns"], *described.get("PartitionKeys", [])]
        types = {column["Name"]: column.get("Type", "string") for column in columns}
        return self._then(lambda frame: match_types(frame, types), where)


def listed(paths: Any) -> Sequence[str]:
    """Return paths as a list; a script may pass a single string."""
    return [paths] if isinstance(paths, str) else list(paths)
