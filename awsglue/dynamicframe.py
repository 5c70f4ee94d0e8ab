"""The names that scripts import from here: DynamicFrame, its collection, and the readers and writers."""

from .frame import DynamicFrame, DynamicFrameCollection
from .frame_base import ResolveOption
from .readers import DynamicFrameReader, DynamicFrameWriter

__all__ = ["DynamicFrame", "DynamicFrameCollection", "DynamicFrameReader", "DynamicFrameWriter", "ResolveOption"]
