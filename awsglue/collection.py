"""DynamicFrameCollection: frames by name."""

from collections.abc import Callable, ItemsView, KeysView, Mapping, Sequence, ValuesView
from typing import Any

from awsglue.frame import DynamicFrame


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
        """Return the frame of that name, an empty one when there is none."""
        if key in self._frames:
            return self._frames[key]
        return DynamicFrame(self._ctx.spark_session.createDataFrame([], ""), self._ctx, key)

    def map(self, callable: Callable[..., Any], transformation_ctx: str = "") -> "DynamicFrameCollection":
        """Return the collection of what ``callable(frame, ctx)`` makes of each; TypeError unless it is a frame."""
        made = {key: callable(frame, f"{transformation_ctx}:{key}") for key, frame in self._frames.items()}
        for key, frame in made.items():
            if not isinstance(frame, DynamicFrame):
                raise TypeError(f"the callable must return a DynamicFrame, got {type(frame)} for {key!r}")
        return DynamicFrameCollection(made, self._ctx)
