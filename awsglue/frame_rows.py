"""The transforms that change which records there are."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from . import choice, python_rows
from .errors import Step, step
from .frame_base import NO_OPTIONS, Frame
from .frame_fields import listed
from .joins import joined
from .paths import parts, quoted
from .utils import makeOptions

Self = TypeVar("Self", bound="RowTransforms")


class RowTransforms(Frame):
    """Transforms of records; info, stageThreshold and totalThreshold are what ``errors.Step`` says."""

    def filter(
        self: Self,
        f: Callable[[Any], Any],
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Keep the records for which ``f`` is true; the schema stays."""
        return self._then(lambda frame: python_rows.keeps(frame, f), step(info, stageThreshold, totalThreshold))

    def map(
        self: Self,
        f: Callable[[Any], Any],
        preservesPartitioning: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Return what ``f`` makes of each record; the schema is inferred when it is first needed."""
        where = step(info, stageThreshold, totalThreshold)
        return self._made_in_python(lambda frame: python_rows.mapped(frame, f), where)

    def mapPartitions(
        self: Self,
        f: Callable[[Iterable[Any]], Iterable[Any]],
        preservesPartitioning: bool = True,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Return what ``f`` makes of the {"record", "isError", "errorMessage"} of each partition, in that shape."""
        where = step(info, stageThreshold, totalThreshold)
        return self._made_in_python(lambda frame: python_rows.partitions(frame, lambda _, rows: f(rows)), where)

    def mapPartitionsWithIndex(
        self: Self,
        f: Callable[[int, Iterable[Any]], Iterable[Any]],
        preservesPartitioning: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Do as mapPartitions, with the partition's number as the first argument."""
        where = step(info, stageThreshold, totalThreshold)
        return self._made_in_python(lambda frame: python_rows.partitions(frame, f), where)

    def _made_in_python(self: Self, make: Callable[[DataFrame], python_rows.Mapped], where: Step) -> Self:
        made = self._then(lambda frame: make(frame).records(), where, later=True)
        made._failed = lambda: make(self._frame).failed()
        return made

    def join(
        self: Self,
        paths1: Any,
        paths2: Any,
        frame2: Self,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Return the equijoin with the keys of both; a field that both have is ``.name`` on the right."""
        where, name = step(info, stageThreshold, totalThreshold), self.name + frame2.name
        keys = listed(paths1), listed(paths2)
        return self._then(lambda frame: joined(frame, frame2._frame, *keys), where, name, [frame2])

    def union(
        self: Self,
        other_frame: Self,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Return the records of both; fields that one lacks are null, those whose types differ become a choice."""
        where = step(info, stageThreshold, totalThreshold)
        return self._then(lambda frame: choice.union(frame, other_frame._frame), where, None, [other_frame])

    def mergeDynamicFrame(
        self: Self,
        stage_dynamic_frame: Self,
        primary_keys: Any,
        transformation_ctx: str = "",
        options: Any = NO_OPTIONS,
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Return the staged records, and of this frame's those whose primary keys are not staged."""

        def merged(frame: DataFrame) -> DataFrame:
            staged = stage_dynamic_frame._frame
            keys = [quoted(parts(key)) for key in listed(primary_keys)]
            known = staged.select(*(F.col(key).alias(f"__key{place}") for place, key in enumerate(keys)))
            on = [frame[key] == known[f"__key{place}"] for place, key in enumerate(keys)]
            return choice.union(frame.join(known, on, "left_anti"), staged)

        where = step(info, stageThreshold, totalThreshold)
        return self._then(merged, where, None, [stage_dynamic_frame])

    def repartition(
        self: Self,
        num_partitions: int,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Return the records in that many partitions."""
        return self._then(lambda frame: frame.repartition(num_partitions), step(info, stageThreshold, totalThreshold))

    def coalesce(
        self: Self,
        num_partitions: int,
        shuffle: bool = False,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Return the records in at most that many partitions."""
        where = step(info, stageThreshold, totalThreshold)
        if shuffle:
            return self._then(lambda frame: frame.repartition(num_partitions), where)
        return self._then(lambda frame: frame.coalesce(num_partitions), where)

    def spigot(
        self: Self,
        path: str,
        options: Any = NO_OPTIONS,
        transformation_ctx: str = "",
        info: str = "",
        stageThreshold: int = 0,
        totalThreshold: int = 0,
    ) -> Self:
        """Write the first ``topk`` (100) of the records chosen with probability ``prob`` (1) as JSON, at once.

        Returns the frame as it is.
        """
        sample = makeOptions(None, options)
        topk, prob = int(sample.get("topk", 100)), float(sample.get("prob", 1))
        frame = self.toDF()
        chosen = frame if prob >= 1 else frame.sample(prob)
        if frame.columns:  # a source with nothing new has none, and Spark writes no such files
            chosen.limit(topk).write.mode("append").json(path)
        return self._then(lambda same: same, step(info, stageThreshold, totalThreshold))
