"""The class-style transforms; one that cannot be had fails with its name when it is called."""

from typing import Any, NoReturn

from awsglue.transforms.apply_mapping import ApplyMapping
from awsglue.transforms.coalesce import Coalesce
from awsglue.transforms.drop_fields import DropFields
from awsglue.transforms.drop_null_fields import DropNullFields
from awsglue.transforms.errors_as_dynamic_frame import ErrorsAsDynamicFrame
from awsglue.transforms.filter import Filter
from awsglue.transforms.flat_map import FlatMap
from awsglue.transforms.join import Join
from awsglue.transforms.map import Map
from awsglue.transforms.map_to_collection import MapToCollection
from awsglue.transforms.relationalize import Relationalize
from awsglue.transforms.rename_field import RenameField
from awsglue.transforms.repartition import Repartition
from awsglue.transforms.resolve_choice import ResolveChoice
from awsglue.transforms.select_fields import SelectFields
from awsglue.transforms.select_from_collection import SelectFromCollection
from awsglue.transforms.spigot import Spigot
from awsglue.transforms.split_fields import SplitFields
from awsglue.transforms.split_rows import SplitRows
from awsglue.transforms.transform import GlueTransform
from awsglue.transforms.unbox import Unbox
from awsglue.transforms.union import Union
from awsglue.transforms.unnest_frame import UnnestFrame
from awsglue.unemulated import TRANSFORMS, refuse


def _refusing(name: str) -> type[GlueTransform]:
    def refused(self: GlueTransform, *args: Any, **kwargs: Any) -> NoReturn:
        refuse(name)

    return type(name, (GlueTransform,), {"__call__": refused})


# Made from data, so that `from awsglue.transforms import *` always gives a script the name it asks for.
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
    """Return the transform of that name; ValueError when there is none."""
    for one in GlueTransform.__subclasses__():
        if one.__name__ == name:
            return one
    raise ValueError(f"no transform is named {name!r}; there are {', '.join(one.__name__ for one in get_transforms())}")


def describe_transform(name: str) -> dict[str, Any]:
    """Return what the transform of that name takes and gives."""
    return get_transform(name).describe()
