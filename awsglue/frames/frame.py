"""DynamicFrame and DynamicFrameCollection."""

from collections.abc import Callable, ItemsView, KeysView, Mapping, Sequence, ValuesView
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

from ..columns import fields, mapping
from ..columns.error_arguments import ErrorArguments, takes_error_arguments
from ..columns.errors import Step, step
from ..columns.paths import find, parts
from ..columns.relationalize import KeyNumbering, relational_tables
from ..columns.split_rows_condition import condition
from .base import NO_OPTIONS
from .field_methods import FieldTransforms, listed
from .row_methods import RowTransforms

if TYPE_CHECKING:
    from typing_extensions import Unpack


class DynamicFrame(FieldTransforms, RowTransforms):
    """Self-describing records, on top of a Spark DataFrame.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame.html
    Transforms take transformation_ctx and the error arguments info, stageThreshold and totalThreshold. If a threshold
    is not 0, every use of the records first counts the errors, and raises RuntimeError if there are that many.
    """

    @takes_error_arguments
    def split_fields(
        self, paths: Any, name1: str, name2: str, transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]"
    ) -> "DynamicFrameCollection":
        """Return two frames: the fields at ``paths`` and the other fields."""
        where, wanted = step(**errors), listed(paths)

        def split_off(frame: DataFrame) -> DataFrame:
            known = [path for path in wanted if find(frame.schema, parts(path))]
            return mapping.apply(frame, [mapping.Mapping(path, path) for path in known], case_sensitive=True)

        return self._both(split_off, lambda frame: fields.drop_fields(frame, wanted), (name1, name2), where)

    @takes_error_arguments
    def split_rows(
        self,
        comparison_dict: Mapping[str, Mapping[str, Any]],
        name1: str,
        name2: str,
        transformation_ctx: str = "",
        **errors: "Unpack[ErrorArguments]",
    ) -> "DynamicFrameCollection":
        """Return two frames: the records that match ``{"age": {">": 10, "<": 20}}`` and the others."""
        where, test = step(**errors), condition(comparison_dict)
        return self._both(lambda frame: frame.where(test), lambda frame: frame.where(~test), (name1, name2), where)

    def _both(
        self,
        first: Callable[[DataFrame], DataFrame],
        second: Callable[[DataFrame], DataFrame],
        names: tuple[str, str],
        where: Step,
    ) -> "DynamicFrameCollection":
        frames = {name: self._then(one, where, name) for name, one in zip(names, (first, second), strict=True)}
        return DynamicFrameCollection(frames, self.glue_ctx)

    @takes_error_arguments
    def relationalize(
        self,
        root_table_name: str,
        staging_path: str | None,
        options: Any = NO_OPTIONS,
        transformation_ctx: str = "",
        **errors: "Unpack[ErrorArguments]",
    ) -> "DynamicFrameCollection":
        """Split nested records into flat tables; each array becomes a table that joins to its parent by a key."""
        where = step(**errors)
        staging = staging_path.strip("`") if staging_path else None
        numbering = KeyNumbering(self.glue_ctx.bookmarks, transformation_ctx)
        made = relational_tables(self._frame, root_table_name, staging, numbering)
        frames = {
            name: self._then(lambda _, table=table: table(), where, name, later=True)  # type: ignore[misc]
            for name, table in made.items()
        }
        return DynamicFrameCollection(frames, self.glue_ctx)

    def write(
        self,
        connection_type: str,
        connection_options: Any = NO_OPTIONS,
        format: str | None = None,
        format_options: Any = NO_OPTIONS,
        accumulator_size: int = 0,
    ) -> "DynamicFrame":
        """Write the records; arguments as in GlueContext.write_dynamic_frame_from_options."""
        made = self.glue_ctx.write_from_options(self, connection_type, connection_options, format, format_options)
        return DynamicFrame(made.toDF(), self.glue_ctx, made.name)


class DynamicFrameCollection:
    """Frames by name.

    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-dynamic-frame-collection.html
    """

    def __init__(self, dynamic_frames: Mapping[str, DynamicFrame] | Sequence[DynamicFrame], glue_ctx: Any) -> None:
        if isinstance(dynamic_frames, Mapping):
            self._frames = dict(dynamic_frames)
        elif isinstance(dynamic_frames, Sequence) and not isinstance(dynamic_frames, str):
            self._frames = {frame.name: frame for frame in dynamic_frames}
        else:
            raise TypeError(f"dynamic_frames must be a list or a dict of DynamicFrames. Got {type(dynamic_frames)}")
        self._ctx = glue_ctx

    def __getitem__(self, key: str) -> DynamicFrame:
        return self._frames[key]

    def __len__(self) -> int:
        return len(self._frames)

    def keys(self) -> KeysView[str]:
        """Return the names."""
        return self._frames.keys()

    def values(self) -> ValuesView[DynamicFrame]:
        """Return the frames."""
        return self._frames.values()

    def items(self) -> ItemsView[str, DynamicFrame]:
        """Return names with their frames."""
        return self._frames.items()

    def select(self, key: str, transformation_ctx: str = "") -> DynamicFrame:
        """Return the frame with that name; an empty frame if it does not exist."""
        if key in self._frames:
            return self._frames[key]
        return DynamicFrame(self._ctx.spark_session.createDataFrame([], StructType([])), self._ctx, key)

    def map(self, callable: Callable[..., Any], transformation_ctx: str = "") -> "DynamicFrameCollection":
        """Apply ``callable(frame, ctx)`` to each frame; raises TypeError if it returns anything but a DynamicFrame."""
        made = {key: callable(frame, f"{transformation_ctx}:{key}") for key, frame in self._frames.items()}
        for key, frame in made.items():
            if not isinstance(frame, DynamicFrame):
                raise TypeError(f"the callable must return a DynamicFrame, got {type(frame)} for {key!r}")
        return DynamicFrameCollection(made, self._ctx)

    def flatmap(self, f: Callable[..., Any], transformation_ctx: str = "") -> "DynamicFrameCollection":
        """Apply ``f(frame, ctx)`` to each frame and collect the frames or collections that it returns."""
        made: dict[str, DynamicFrame] = {}
        for key, frame in self._frames.items():
            result = f(frame, f"{transformation_ctx}:{key}")
            if isinstance(result, DynamicFrameCollection):
                made |= result.items()
            elif isinstance(result, DynamicFrame):
                made[result.name if result.name not in ("", frame.name) else key] = result
            else:
                raise TypeError(f"f must return a DynamicFrame or a collection of them, got {type(result)} for {key!r}")
        return DynamicFrameCollection(made, self._ctx)
