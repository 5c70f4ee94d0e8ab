"""DynamicFrameCollection, where its users in this package look for it."""

from .frame import DynamicFrameCollection

__all__ = ["DynamicFrameCollection"]
