"""The names that scripts import from here: DynamicFrame, its collection, and the readers and writers."""

from awsglue.frame import DynamicFrame, DynamicFrameCollection
from awsglue.frame_base import ResolveOption
from awsglue.readers import DynamicFrameReader, DynamicFrameWriter

__all__ = ["DynamicFrame", "DynamicFrameCollection", "DynamicFrameReader", "DynamicFrameWriter", "ResolveOption"]
