"""The class-style transforms. Calling one that is not implemented raises NotImplementedError with its name."""

from typing import Any, NoReturn

from ..unemulated import TRANSFORMS, refuse
from .apply_mapping import ApplyMapping
from .coalesce import Coalesce
from .drop_fields import DropFields
from .drop_null_fields import DropNullFields
from .errors_as_dynamic_frame import ErrorsAsDynamicFrame
from .filter import Filter
from .flat_map import FlatMap
from .join import Join
from .map import Map
from .map_to_collection import MapToCollection
from .relationalize import Relationalize
from .rename_field import RenameField
from .repartition import Repartition
from .resolve_choice import ResolveChoice
from .select_fields import SelectFields
from .select_from_collection import SelectFromCollection
from .spigot import Spigot
from .split_fields import SplitFields
from .split_rows import SplitRows
from .transform import GlueTransform
from .unbox import Unbox
from .union import Union
from .unnest_frame import UnnestFrame


def _refusing(name: str) -> type[GlueTransform]:
    def refused(self: GlueTransform, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(name)

    return type(name, (GlueTransform,), {"__call__": refused})


# Generated, so that `from awsglue.transforms import *` defines every documented name.
globals().update({name: _refusing(name) for name in TRANSFORMS})

__all__ = [
    "ApplyMapping",
    "Coalesce",
    "DropFields",
    "DropNullFields",
    "ErrorsAsDynamicFrame",
    "Filter",
    "FlatMap",
    "GlueTransform",
    "Join",
    "Map",
    "MapToCollection",
    "Relationalize",
    "RenameField",
    "Repartition",
    "ResolveChoice",
    "SelectFields",
    "SelectFromCollection",
    "Spigot",
    "SplitFields",
    "SplitRows",
    "Unbox",
    "Union",
    "UnnestFrame",
    "get_transforms",
    "get_transform",
    "describe_transform",
]
__all__ += TRANSFORMS


def get_transforms() -> list[type[GlueTransform]]:
    """Return all transforms."""
    return sorted(GlueTransform.__subclasses__(), key=lambda one: one.__name__)


def get_transform(name: str) -> type[GlueTransform]:
    """Return the transform with that name; ValueError if there is none."""
    for one in GlueTransform.__subclasses__():
        if one.__name__ == name:
            return one
    names = ", ".join(one.__name__ for one in get_transforms())
    raise ValueError(f"unknown transform {name!r}: use one of {names}")


def describe_transform(name: str) -> dict[str, Any]:
    """Return the arguments and the result of the transform with that name."""
    return get_transform(name).describe()
