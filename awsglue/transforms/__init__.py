"""The class-style transforms; one that is not built yet fails with its name when it is called."""

from awsglue.transforms.apply_mapping import ApplyMapping
from awsglue.transforms.coalesce import Coalesce
from awsglue.transforms.drop_fields import DropFields
from awsglue.transforms.drop_null_fields import DropNullFields
from awsglue.transforms.filter import Filter
from awsglue.transforms.join import Join
from awsglue.transforms.map import Map
from awsglue.transforms.rename_field import RenameField
from awsglue.transforms.repartition import Repartition
from awsglue.transforms.resolve_choice import ResolveChoice
from awsglue.transforms.select_fields import SelectFields
from awsglue.transforms.select_from_collection import SelectFromCollection
from awsglue.transforms.transform import GlueTransform
from awsglue.transforms.union import Union
from awsglue.unemulated import TRANSFORMS

# Made from data, so that `from awsglue.transforms import *` always gives a script the name it asks for.
globals().update({name: type(name, (GlueTransform,), {}) for name in TRANSFORMS})

__all__ = [
    "ApplyMapping",
    "Coalesce",
    "DropFields",
    "DropNullFields",
    "Filter",
    "Join",
    "Map",
    "RenameField",
    "Repartition",
    "ResolveChoice",
    "SelectFields",
    "SelectFromCollection",
    "Union",
    "GlueTransform",
]
__all__ += TRANSFORMS
