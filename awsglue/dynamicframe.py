"""The public names of ``awsglue.dynamicframe``: DynamicFrame, its collection, readers and writers."""

from .frames.base import ResolveOption
from .frames.frame import DynamicFrame, DynamicFrameCollection
from .glue_context.readers import DynamicFrameReader, DynamicFrameWriter

__all__ = ["DynamicFrame", "DynamicFrameCollection", "DynamicFrameReader", "DynamicFrameWriter", "ResolveOption"]
