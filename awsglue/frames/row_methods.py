"""DynamicFrame methods that change records."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ..columns import choice, python_rows
from ..columns.error_arguments import ErrorArguments, takes_error_arguments
from ..columns.errors import Step, step
from ..columns.joins import equijoin
from ..columns.paths import parts, quoted
from ..sources.listing import without_slash
from ..utils import makeOptions
from .base import NO_OPTIONS, Frame
from .field_methods import listed

if TYPE_CHECKING:
    from typing_extensions import Unpack

Self = TypeVar("Self", bound="RowTransforms")


class RowTransforms(Frame):
    """Transforms of records."""

    @takes_error_arguments
    def filter(
        self: Self, f: Callable[[Any], Any], transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]"
    ) -> Self:
        """Keep the records for which ``f`` is true; the schema does not change."""
        return self._then(lambda frame: python_rows.filter_records(frame, f), step(**errors))

    @takes_error_arguments
    def map(
        self: Self,
        f: Callable[[Any], Any],
        preservesPartitioning: bool = False,
        transformation_ctx: str = "",
        **errors: "Unpack[ErrorArguments]",
    ) -> Self:
        """Apply ``f`` to each record; the schema is inferred on first use."""
        where = step(**errors)
        return self._made_in_python(lambda frame: python_rows.map_records(frame, f), where)

    @takes_error_arguments
    def mapPartitions(
        self: Self,
        f: Callable[[Iterable[Any]], Iterable[Any]],
        preservesPartitioning: bool = True,
        transformation_ctx: str = "",
        **errors: "Unpack[ErrorArguments]",
    ) -> Self:
        """Apply ``f`` to each partition; it takes and returns dicts {"record", "isError", "errorMessage"}."""
        where = step(**errors)
        return self._made_in_python(lambda frame: python_rows.map_partitions(frame, lambda _, rows: f(rows)), where)

    @takes_error_arguments
    def mapPartitionsWithIndex(
        self: Self,
        f: Callable[[int, Iterable[Any]], Iterable[Any]],
        preservesPartitioning: bool = False,
        transformation_ctx: str = "",
        **errors: "Unpack[ErrorArguments]",
    ) -> Self:
        """Like mapPartitions, with the partition number as the first argument."""
        where = step(**errors)
        return self._made_in_python(lambda frame: python_rows.map_partitions(frame, f), where)

    def _made_in_python(self: Self, make: Callable[[DataFrame], python_rows.Mapped], where: Step) -> Self:
        made = self._then(lambda frame: make(frame).records(), where, later=True)
        made._failed = lambda: make(self._frame).failed()
        return made

    @takes_error_arguments
    def join(
        self: Self,
        paths1: Any,
        paths2: Any,
        frame2: Self,
        transformation_ctx: str = "",
        **errors: "Unpack[ErrorArguments]",
    ) -> Self:
        """Join on equal keys and keep the keys of both sides; a field that both have is ``.name`` on the right."""
        where, name = step(**errors), self.name + frame2.name
        keys = listed(paths1), listed(paths2)
        return self._then(lambda frame: equijoin(frame, frame2._frame, *keys), where, name, [frame2])

    @takes_error_arguments
    def union(self: Self, other_frame: Self, transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]") -> Self:
        """Return the records of both frames; missing fields are null, fields whose types differ become choices."""
        where = step(**errors)
        return self._then(lambda frame: choice.union(frame, other_frame._frame), where, None, [other_frame])

    @takes_error_arguments
    def mergeDynamicFrame(
        self: Self,
        stage_dynamic_frame: Self,
        primary_keys: Any,
        transformation_ctx: str = "",
        options: Any = NO_OPTIONS,
        **errors: "Unpack[ErrorArguments]",
    ) -> Self:
        """Return the staged records, and the records of this frame whose primary keys are not staged."""

        def merged(frame: DataFrame) -> DataFrame:
            staged = stage_dynamic_frame._frame
            keys = [quoted(parts(key)) for key in listed(primary_keys)]
            known = staged.select(*(F.col(key).alias(f"__key{place}") for place, key in enumerate(keys)))
            on = [frame[key] == known[f"__key{place}"] for place, key in enumerate(keys)]
            return choice.union(frame.join(known, on, "left_anti"), staged)

        where = step(**errors)
        return self._then(merged, where, None, [stage_dynamic_frame])

    @takes_error_arguments
    def repartition(
        self: Self, num_partitions: int, transformation_ctx: str = "", **errors: "Unpack[ErrorArguments]"
    ) -> Self:
        """Repartition the records into that many partitions."""
        return self._then(lambda frame: frame.repartition(num_partitions), step(**errors))

    @takes_error_arguments
    def coalesce(
        self: Self,
        num_partitions: int,
        shuffle: bool = False,
        transformation_ctx: str = "",
        **errors: "Unpack[ErrorArguments]",
    ) -> Self:
        """Reduce the number of partitions to at most that many."""
        where = step(**errors)
        if shuffle:
            return self._then(lambda frame: frame.repartition(num_partitions), where)
        return self._then(lambda frame: frame.coalesce(num_partitions), where)

    @takes_error_arguments
    def spigot(
        self: Self,
        path: str,
        options: Any = NO_OPTIONS,
        transformation_ctx: str = "",
        **errors: "Unpack[ErrorArguments]",
    ) -> Self:
        """Write a sample as JSON immediately: up to ``topk`` (100) records, each with probability ``prob`` (1).

        Returns the frame unchanged.
        """
        sample = makeOptions(None, options)
        topk, prob = int(sample.get("topk", 100)), float(sample.get("prob", 1))
        frame = self.toDF()
        chosen = frame if prob >= 1 else frame.sample(prob)
        if frame.columns:  # a source with nothing new has no columns, which Spark refuses to write
            chosen.limit(topk).write.mode("append").json(without_slash(path))
        return self._then(lambda same: same, step(**errors))
