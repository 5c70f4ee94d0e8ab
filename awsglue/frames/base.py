"""The base of DynamicFrame: records, schema and errors."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from types import MappingProxyType
from typing import Any, TypeVar

from pyspark.sql import DataFrame
from pyspark.sql.types import StructType

from .. import gluetypes
from ..columns import choice, python_rows
from ..columns.errors import Step, error_records, records
from ..columns.letter_case import names_of
from ..columns.paths import parts, quoted
from ..columns.schemas import from_spark, to_spark, tree

NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_KEEP, _PROJECT = "KeepAsStruct", "Project"
Self = TypeVar("Self", bound="Frame")


class ResolveOption:
    """How ``toDF`` resolves a choice: KeepAsStruct or Project."""

    def __init__(self, path: str, action: str, target: Any = None) -> None:
        self.path, self.action, self.target = path, action, target


class Frame:
    """Records with their schema, and the errors of the steps that produced them."""

    def __init__(self, jdf: DataFrame | Callable[[], DataFrame], glue_ctx: Any, name: str = "") -> None:
        self._source, self.glue_ctx, self.name = jdf, glue_ctx, name
        self._step = Step()
        self._parents: tuple[Frame, ...] = ()
        self._failed: Callable[[], DataFrame] | None = None

    @classmethod
    def fromDF(cls: type[Self], dataframe: DataFrame, glue_ctx: Any, name: str = "") -> Self:
        """Convert a DataFrame to a DynamicFrame."""
        return cls(dataframe, glue_ctx, name)

    @cached_property
    def _rows(self) -> DataFrame:
        return self._source() if callable(self._source) else self._source

    @cached_property
    def _frame(self) -> DataFrame:
        with names_of(self._rows):
            return records(self._rows)

    def _then(
        self: Self,
        change: Callable[[DataFrame], DataFrame],
        step: Step,
        name: str | None = None,
        others: Sequence["Frame"] = (),
        later: bool = False,
    ) -> Self:
        """Return the frame after ``change``; ``later`` delays it until first use, because it scans the records."""

        def changed() -> DataFrame:
            with names_of(self._frame, *(one._frame for one in others)):
                return change(self._frame)

        made = type(self)(changed, self.glue_ctx, self.name if name is None else name)
        made._step, made._parents = step, (self, *others)
        if not later and all(one._is_known for one in made._parents):
            made._rows  # noqa: B018 - so that the call with an invalid argument is the one that fails
        return made

    @property
    def _is_known(self) -> bool:
        return not callable(self._source) or "_rows" in self.__dict__

    def toDF(self, options: Sequence[ResolveOption] | None = None) -> DataFrame:
        """Convert to a DataFrame; a choice becomes a struct with one field per type unless options project it."""
        wanted = [_specs(option) for option in options or ()]
        frame = self._frame
        self.assertErrorThreshold()
        with names_of(frame):
            for specs in wanted:
                frame = choice.resolve(frame, specs)
            return choice.choices_as_structs(frame)

    def schema(self) -> gluetypes.StructType:
        """Return the schema as Glue types."""
        return from_spark(self._frame.schema)

    def with_frame_schema(self: Self, schema: gluetypes.StructType) -> Self:
        """Convert the records to that schema: extra fields are dropped, missing ones are null, values are cast."""

        def declared(frame: DataFrame) -> DataFrame:
            have = from_spark(frame.schema)
            return frame.select(*choice.convert_fields(have, schema, lambda name: _column(frame, name)))

        return self._then(declared, Step())

    def printSchema(self) -> None:
        """Print the schema in Glue's format."""
        print("root\n" + "\n".join(tree(self.schema())))  # noqa: T201 - documented to print

    def show(self, num_rows: int = 20) -> None:
        """Print records as JSON lines; a choice is shown as its value."""
        self.assertErrorThreshold()
        read = python_rows.record_reader(self._frame.schema)
        for row in self._frame.limit(num_rows).collect():
            print(json.dumps(_present(read(row)), ensure_ascii=False, default=str))  # noqa: T201 - documented to print

    def count(self) -> int:
        """Return the number of records."""
        self.assertErrorThreshold()
        return int(self._frame.count())

    def getNumPartitions(self) -> int:
        """Return the number of partitions."""
        return int(self._frame.rdd.getNumPartitions())

    def errors_frame(self: Self) -> Self:
        """Return the empty frame ``<name>_errors`` that a write returns."""
        return type(self)(_nothing(self.glue_ctx), self.glue_ctx, f"{self.name}_errors")

    def errorsAsDynamicFrame(self: Self) -> Self:
        """Return the errors of all steps up to this frame, one record with the field ``error`` each."""

        def told() -> DataFrame:
            stages = [stage for one in self._lineage() if (stage := one._stage()) is not None]
            return reduce(choice.union, stages) if stages else _nothing(self.glue_ctx)

        return type(self)(told, self.glue_ctx, self.name)

    def errorsCount(self) -> int:
        """Return the number of errors of all steps up to this frame."""
        return sum(one.stageErrorsCount() for one in self._lineage())

    def stageErrorsCount(self) -> int:
        """Return the number of errors of the step that created this frame."""
        stage = self._stage()
        return 0 if stage is None else int(stage.count())

    def assertErrorThreshold(self) -> None:
        """Raise RuntimeError if a step up to this frame has reached its stageThreshold or totalThreshold."""
        for one in self._lineage():
            step = one._step
            if step.stage and (found := one.stageErrorsCount()) >= step.stage:
                raise RuntimeError(
                    f"{one.name or 'frame'}: {found} errors in this step reach stageThreshold {step.stage}"
                )
            if step.total and (found := one.errorsCount()) >= step.total:
                raise RuntimeError(f"{one.name or 'frame'}: {found} errors so far reach totalThreshold {step.total}")

    def _stage(self) -> DataFrame | None:
        rows = self._failed() if self._failed else self._rows
        with names_of(rows):
            return error_records(rows, self._step)

    def _lineage(self) -> Iterator["Frame"]:
        """Yield all ancestors of this frame and then the frame itself, each once."""
        seen: dict[int, Frame] = {}

        def visit(frame: Frame) -> None:
            if id(frame) not in seen:
                for parent in frame._parents:
                    visit(parent)
                seen[id(frame)] = frame

        visit(self)
        return iter(seen.values())


def _nothing(glue_ctx: Any) -> DataFrame:
    empty: DataFrame = glue_ctx.spark_session.createDataFrame([], StructType([]))
    return empty


def _column(frame: DataFrame, name: str) -> Any:
    return frame[quoted([name])]


def _specs(option: ResolveOption) -> list[tuple[str, str]]:
    if option.action not in (_KEEP, _PROJECT):
        raise ValueError(f"Invalid resolve action {option.action}. Action must be one of {_KEEP} and {_PROJECT}.")
    if option.action == _KEEP:
        parts(option.path)
        return []
    if option.target is None:
        raise Exception(f"Missing target type for resolve action {option.action}")
    target = option.target
    if isinstance(target, gluetypes.DataType):
        target = to_spark(target)
    return [(option.path, f"project:{target if isinstance(target, str) else target.simpleString()}")]


def _present(value: Any) -> Any:
    """Return a record without its null fields."""
    if isinstance(value, dict):
        return {name: _present(one) for name, one in value.items() if one is not None}
    return [_present(one) for one in value] if isinstance(value, list) else value
