"""DynamicFrameCollection, where its users in this package look for it."""

from awsglue.frame import DynamicFrameCollection

__all__ = ["DynamicFrameCollection"]
