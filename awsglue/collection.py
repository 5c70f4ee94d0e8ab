"""DynamicFrameCollection, re-exported."""

from .frames.frame import DynamicFrameCollection

__all__ = ["DynamicFrameCollection"]
