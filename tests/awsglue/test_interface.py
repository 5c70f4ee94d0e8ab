"""The documented interface is all there, with its signatures and defaults."""

import importlib
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import awsglue.transforms as transforms
from awsglue.gluetypes import UnknownType

E = "transformation_ctx='', info='', stageThreshold=0, totalThreshold=0"

# Methods as they are called; a class's own arguments stand under __init__, a transform's under __call__.
FRAMES = {
    "awsglue.dynamicframe": {
        "ResolveOption": {"__init__": "path, action, target=None"},
        "DynamicFrame": {
            "__init__": "jdf, glue_ctx, name=''",
            "with_frame_schema": "schema",
            "schema": "",
            "show": "num_rows=20",
            "printSchema": "",
            "count": "",
            "toDF": "options=None",
            "fromDF": "dataframe, glue_ctx, name=''",
            "filter": f"f, {E}",
            "map": f"f, preservesPartitioning=False, {E}",
            "mapPartitions": f"f, preservesPartitioning=True, {E}",
            "mapPartitionsWithIndex": f"f, preservesPartitioning=False, {E}",
            "unbox": f"path, format, {E}, **options",
            "drop_fields": f"paths, {E}",
            "select_fields": f"paths, {E}",
            "split_fields": f"paths, name1, name2, {E}",
            "split_rows": f"comparison_dict, name1, name2, {E}",
            "rename_field": f"oldName, newName, {E}",
            "write": "connection_type, connection_options={}, format=None, format_options={}, accumulator_size=0",
            "spigot": f"path, options={{}}, {E}",
            "join": f"paths1, paths2, frame2, {E}",
            "unnest": E,
            "relationalize": f"root_table_name, staging_path, options={{}}, {E}",
            "applyMapping": "*args, **kwargs",
            "apply_mapping": f"mappings, case_sensitive=False, {E}",
            "unnest_ddb_json": E,
            "simplify_ddb_json": "",
            "resolveChoice": f"specs=None, choice='', database=None, table_name=None, {E}, catalog_id=None",
            "mergeDynamicFrame": "stage_dynamic_frame, primary_keys, transformation_ctx='', options={}, info='', "
            "stageThreshold=0, totalThreshold=0",
            "union": f"other_frame, {E}",
            "getNumPartitions": "",
            "repartition": f"num_partitions, {E}",
            "coalesce": f"num_partitions, shuffle=False, {E}",
            "errorsAsDynamicFrame": "",
            "errorsCount": "",
            "stageErrorsCount": "",
            "assertErrorThreshold": "",
        },
        "DynamicFrameCollection": {
            "__init__": "dynamic_frames, glue_ctx",
            "__getitem__": "key",
            "__len__": "",
            "keys": "",
            "values": "",
            "select": "key, transformation_ctx=''",
            "map": "callable, transformation_ctx=''",
            "flatmap": "f, transformation_ctx=''",
        },
    },
    "awsglue.gluetypes": {
        **{
            f"{name}Type": {"__init__": "properties={}", "typeName": "", "jsonValue": "", "fromJsonValue": "json_value"}
            for name in (
                *("Binary", "Boolean", "Byte", "Date", "Double", "Float", "Integer", "Long", "Null", "Short"),
                *("String", "Timestamp", "TimestampNTZ", "Unknown"),
            )
        },
        "DataType": {"__init__": "properties={}", "typeName": "", "jsonValue": ""},
        "AtomicType": {"fromJsonValue": "json_value"},
        "DecimalType": {"__init__": "precision=10, scale=2, properties={}"},
        "EnumType": {"__init__": "options, properties={}"},
        "ArrayType": {"__init__": "elementType=UnknownType(), properties={}"},
        "SetType": {"__init__": "elementType=UnknownType(), properties={}"},
        "MapType": {"__init__": "valueType=UnknownType(), properties={}"},
        "ChoiceType": {"__init__": "choices=[], properties={}", "add": "new_choice", "merge": "new_choices"},
        "Field": {"__init__": "name, dataType, properties={}"},
        "StructType": {
            "__init__": "fields=[], properties={}",
            "__iter__": "",
            "add": "field",
            "hasField": "field",
            "getField": "field",
        },
        "EntityType": {"__init__": "entity, base_type, properties={}"},
        "": {"mergeDataTypes": "s1, s2"},
    },
    "awsglue.functions": {
        "": {
            "replaceArrayElement": "srcCol, replaceCol, idx",
            "namedStruct": "*cols",
            "explodeWithIndex": "col",
        }
    },
    "awsglue.dataframe_transforms": {"ApplyMapping": {"apply": "frame, mappings"}},
    "awsglue.transforms": {
        "": {"get_transforms": "", "get_transform": "name", "describe_transform": "name"},
        "GlueTransform": {
            "apply": "*args, **kwargs",
            **{name: "" for name in ("name", "describeArgs", "describeReturn", "describeTransform", "describeErrors")},
            "describe": "",
        },
        "ApplyMapping": {"__call__": f"frame, mappings, case_sensitive=False, {E}"},
        "Coalesce": {"__call__": f"frame, num_partitions, shuffle=False, {E}"},
        "DropFields": {"__call__": f"frame, paths, {E}"},
        "DropNullFields": {"__call__": f"frame, {E}"},
        "ErrorsAsDynamicFrame": {"__call__": "frame"},
        "Filter": {"__call__": f"frame, f, {E}"},
        "FlatMap": {"__call__": "dfc, BaseTransform, frame_name, transformation_ctx='', **base_kwargs"},
        "Join": {"__call__": "frame1, frame2, keys1, keys2, transformation_ctx=''"},
        "Map": {"__call__": f"frame, f, preservesPartitioning=False, {E}"},
        "MapToCollection": {"__call__": "dfc, callable, transformation_ctx=''"},
        "Relationalize": {"__call__": f"frame, staging_path=None, name='roottable', options=None, {E}"},
        "RenameField": {"__call__": f"frame, old_name, new_name, {E}"},
        "Repartition": {"__call__": f"frame, num_partitions, {E}"},
        "ResolveChoice": {
            "__call__": f"frame, specs=None, choice='', database=None, table_name=None, {E}, catalog_id=None"
        },
        "SelectFields": {"__call__": f"frame, paths, {E}"},
        "SelectFromCollection": {"__call__": "dfc, key, transformation_ctx=''"},
        "Spigot": {"__call__": "frame, path, options, transformation_ctx=''"},
        "SplitFields": {"__call__": f"frame, paths, name1=None, name2=None, {E}"},
        "SplitRows": {
            "__call__": "frame, comparison_dict, name1='frame1', name2='frame2', transformation_ctx='', info=None, "
            "stageThreshold=0, totalThreshold=0"
        },
        "Unbox": {"__call__": f"frame, path, format, {E}, **options"},
        "Union": {"__call__": f"frame1, frame2, {E}"},
        "UnnestFrame": {"__call__": f"frame, {E}"},
    },
}

DOCUMENTED = [
    pytest.param(module, owner, name, text, id=f"{module}.{owner}.{name}")
    for module, classes in FRAMES.items()
    for owner, methods in classes.items()
    for name, text in methods.items()
]


def parameters(function: Callable[..., Any], of_class: bool) -> list[tuple[str, Any, Any]]:
    found = list(inspect.signature(function).parameters.values())
    bound = inspect.ismethod(function) or not of_class
    return [(one.name, one.kind, _plain(one.default)) for one in (found if bound else found[1:])]


def _plain(default: Any) -> Any:
    # Defaults that nobody can change stand for the lists and dicts that AWS documents.
    if isinstance(default, Mapping):
        return dict(default)
    return list(default) if isinstance(default, tuple) else default


@pytest.mark.parametrize(("module", "owner", "name", "text"), DOCUMENTED)
def test_a_signature_is_as_documented(module: str, owner: str, name: str, text: str) -> None:
    place = importlib.import_module(module)
    holder = getattr(place, owner) if owner else place
    expected: dict[str, Any] = {"UnknownType": UnknownType}
    exec(f"def documented({text}): pass", expected)  # noqa: S102 - our own data
    assert parameters(getattr(holder, name), bool(owner)) == parameters(expected["documented"], False)


def test_every_transform_describes_itself() -> None:
    for one in transforms.get_transforms():
        if one.returns is not None:
            described = transforms.describe_transform(one.name())["transform"]
            assert described["name"] == one.__name__
            assert {"name", "type", "description", "optional", "defaultValue"} == set(described["args"][0])
            assert one.describeTransform().endswith(".")
    with pytest.raises(NotImplementedError):
        transforms.GlueTransform.describeArgs()
    with pytest.raises(ValueError, match="no transform is named"):
        transforms.get_transform("Nothing")


def test_the_documented_transforms_are_exported() -> None:
    assert set(FRAMES["awsglue.transforms"]) - {""} <= set(transforms.__all__)
