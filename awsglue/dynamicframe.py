"""The names that scripts import from here: DynamicFrame, its collection, and the readers and writers."""

from awsglue.collection import DynamicFrameCollection
from awsglue.frame import DynamicFrame
from awsglue.readers import DynamicFrameReader, DynamicFrameWriter

__all__ = ["DynamicFrame", "DynamicFrameCollection", "DynamicFrameReader", "DynamicFrameWriter"]
