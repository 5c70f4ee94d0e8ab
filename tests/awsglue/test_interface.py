"""The documented interface is complete, with signatures and defaults."""

import argparse
import importlib
import inspect
import pydoc
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import awsglue
import awsglue.transforms as transforms
from awsglue import unemulated
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame, DynamicFrameReader, DynamicFrameWriter
from awsglue.gluetypes import DynamicRecord, UnknownType
from awsglue.utils import GlueArgumentError, GlueArgumentParser

E = "transformation_ctx='', info='', stageThreshold=0, totalThreshold=0"

# Methods without self; the arguments of a class are under __init__, those of a transform under __call__.
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

_CATALOG = "database=None, table_name=None, "
_FROM_CATALOG = (
    f"{_CATALOG}redshift_tmp_dir='', transformation_ctx='', push_down_predicate='', additional_options={{}}, "
    "catalog_id=None, **kwargs"
)
_SAMPLE = (
    f"{_CATALOG}num=None, sample_options={{}}, redshift_tmp_dir='', transformation_ctx='', push_down_predicate='', "
    "additional_options={}, catalog_id=None, erieTxId='', asOfTime='', **kwargs"
)
_FORMAT = "format=None, format_options={}, transformation_ctx=''"
_FROM_OPTIONS = f"connection_type, connection_options={{}}, {_FORMAT}, push_down_predicate='', **kwargs"
_TO_CATALOG = (
    f"frame, {_CATALOG}redshift_tmp_dir='', transformation_ctx='', additional_options={{}}, catalog_id=None, **kwargs"
)
_TO_JDBC = "catalog_connection, connection_options={}, redshift_tmp_dir='', transformation_ctx=''"
_SOURCE = "connection_type, format=None, transformation_ctx='', push_down_predicate='', **options"
_TABLE, _LATER = "database, table_name, ", "options={}, transformation_ctx=''"

READING_AND_WRITING = {
    "awsglue.context": {
        "": {"register": "sc"},
        "GlueContext": {
            "__init__": "sparkContext=None, **options",
            "getSource": _SOURCE,
            "getStreamingSource": _SOURCE,
            "get_catalog_schema_as_spark_schema": "database=None, table_name=None, catalog_id=None",
            "create_dynamic_frame_from_rdd": "data, name, schema=None, sample_ratio=None, transformation_ctx=''",
            "create_dynamic_frame_from_catalog": _FROM_CATALOG,
            "create_data_frame_from_catalog": _FROM_CATALOG,
            "create_dynamic_frame_from_options": _FROM_OPTIONS,
            "create_data_frame_from_options": _FROM_OPTIONS,
            "create_sample_dynamic_frame_from_catalog": _SAMPLE,
            "create_sample_dynamic_frame_from_options": "connection_type, connection_options={}, num=None, "
            f"sample_options={{}}, {_FORMAT}, push_down_predicate='', **kwargs",
            "getSink": "connection_type, format=None, transformation_ctx='', **options",
            "write_dynamic_frame_from_options": f"frame, connection_type, connection_options={{}}, {_FORMAT}",
            "write_from_options": "frame_or_dfc, connection_type, connection_options={}, format={}, format_options={}, "
            "transformation_ctx='', **kwargs",
            "write_dynamic_frame_from_catalog": _TO_CATALOG,
            "write_data_frame_from_catalog": _TO_CATALOG,
            "write_dynamic_frame_from_jdbc_conf": f"frame, {_TO_JDBC}, catalog_id=None",
            "write_from_jdbc_conf": f"frame_or_dfc, {_TO_JDBC}, catalog_id=None",
            "convert_resolve_option": "path, action, target",
            "extract_jdbc_conf": "connection_name, catalog_id=None",
            "purge_table": f"{_TABLE}{_LATER}, catalog_id=None",
            "purge_s3_path": f"s3_path, {_LATER}",
            "transition_table": f"{_TABLE}transition_to, {_LATER}, catalog_id=None",
            "transition_s3_path": f"s3_path, transition_to, {_LATER}",
            "get_logger": "",
            "currentTimeMillis": "",
            "getSampleStreamingDynamicFrame": "frame, options={}, batch_function=None",
            "forEachBatch": "frame, batch_function, options={}",
            "add_ingestion_time_columns": "frame, time_granularity",
            "start_transaction": "read_only",
            "commit_transaction": "transaction_id, wait_for_commit=True",
            "cancel_transaction": "transaction_id",
        },
    },
    "awsglue.dynamicframe": {
        "DynamicFrameReader": {
            "__init__": "glue_context",
            "from_rdd": "data, name, schema=None, sampleRatio=None",
            "from_options": _FROM_OPTIONS,
            "from_catalog": _FROM_CATALOG,
        },
        "DynamicFrameWriter": {
            "__init__": "glue_context",
            "from_options": f"frame, connection_type, connection_options={{}}, {_FORMAT}",
            "from_catalog": _TO_CATALOG,
            "from_jdbc_conf": f"frame, {_TO_JDBC}",
        },
    },
    "awsglue.dataframereader": {"DataFrameReader": {"from_options": _FROM_OPTIONS, "from_catalog": _FROM_CATALOG}},
    "awsglue.dataframewriter": {"DataFrameWriter": {"from_catalog": _TO_CATALOG}},
    "awsglue.data_source": {
        "DataSource": {
            "setFormat": "format, **options",
            "getFrame": "**options",
            "getSampleFrame": "num, **options",
            "getDataFrame": "",
        }
    },
    "awsglue.streaming_data_source": {"StreamingDataSource": {"setFormat": "format, **options", "getFrame": ""}},
    "awsglue.data_sink": {
        "DataSink": {
            "setFormat": "format, **options",
            "setAccumulableSize": "size",
            "setCatalogInfo": "catalogDatabase, catalogTableName, catalogId=''",
            "writeFrame": "dynamic_frame, info=''",
            "writeDataFrame": "data_frame, glue_context, info=''",
            "write": "dynamic_frame_or_dfc, info=''",
        }
    },
    "awsglue.job": {
        "Job": {
            "__init__": "glue_context",
            "init": "job_name, args={}",
            **{name: "" for name in ("isInitialized", "commit", "continuation_options", "job_bookmark_options")},
            **{name: "" for name in ("job_bookmark_range_options", "id_params", "encryption_type_options")},
            "data_lineage_options": "",
        }
    },
    # Glue 6.0 has allow_abbrev=False, earlier versions do not have it: None follows the job's GlueVersion.
    "awsglue.utils": {
        "": {
            "getResolvedOptions": "args, options, allow_abbrev=None",
            "makeOptions": "sc, py_obj",
            "callsite": "",
            **{name: "d, **kw" for name in ("iteritems", "iterkeys", "itervalues")},
        }
    },
}

DOCUMENTED = [
    pytest.param(module, owner, name, text, id=f"{module}.{owner}.{name}")
    for part in (FRAMES, READING_AND_WRITING)
    for module, classes in part.items()
    for owner, methods in classes.items()
    for name, text in methods.items()
]


def parameters(function: Callable[..., Any], of_class: bool) -> list[tuple[str, Any, Any]]:
    found = list(inspect.signature(function).parameters.values())
    bound = inspect.ismethod(function) or not of_class
    return [(one.name, one.kind, _plain(one.default)) for one in (found if bound else found[1:])]


def _plain(default: Any) -> Any:
    # Immutable defaults replace the lists and dicts that AWS documents.
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


def test_a_context_has_its_documented_attributes() -> None:
    assert GlueContext.Spark_SQL_Formats == {"parquet", "orc"}
    assert GlueContext.Unsupported_Compression_Types == {"lzo"}
    assert issubclass(GlueArgumentError, Exception)
    assert issubclass(GlueArgumentParser, argparse.ArgumentParser)


def test_readers_and_writers_have_signatures_and_docstrings() -> None:
    for one in (DynamicFrameReader.from_catalog, DynamicFrameWriter.from_options):
        shown = pydoc.render_doc(one, renderer=pydoc.plaintext)
        assert "transformation_ctx: str = ''" in shown
        assert "records" in shown


def test_the_package_exports_dynamic_frame_and_records_are_dicts() -> None:
    assert awsglue.DynamicFrame is DynamicFrame
    assert DynamicRecord(a=1).a == 1


def test_every_transform_describes_itself() -> None:
    for one in transforms.get_transforms():
        if one.returns is not None:
            described = transforms.describe_transform(one.name())["transform"]
            assert described["name"] == one.__name__
            assert {"name", "type", "description", "optional", "defaultValue"} == set(described["args"][0])
            assert one.describeTransform().endswith(".")
    with pytest.raises(NotImplementedError):
        transforms.GlueTransform.describeArgs()
    with pytest.raises(ValueError, match="unknown transform"):
        transforms.get_transform("Nothing")


def made(module: str, name: str) -> Callable[[], Any]:
    return lambda: getattr(importlib.import_module(module), name)()


# These need AWS's service: they can be imported, but using one raises an error with its name.
REFUSED = {
    **{
        f"awsglue.devutils.{name}": made("awsglue.devutils", name)
        for name in ("Command", "Connections", "ExecutionProperty", "GlueJobUtils", "Job")
    },
    **{
        f"awsglue.scripts.{name}": made(f"awsglue.scripts.{name}", "main")
        for name in ("activate_etl_connector", "crawler_redo_from_backup", "crawler_undo")
    },
    **{name: made("awsglue.transforms", name)() for name in unemulated.TRANSFORMS},
}


@pytest.mark.parametrize("name", REFUSED)
def test_unsupported_names_can_be_imported_and_fail_by_name_when_used(name: str) -> None:
    with pytest.raises(NotImplementedError, match=re.escape(f"{name} is not emulated")):
        REFUSED[name]()


def test_the_documented_transforms_are_exported() -> None:
    assert set(FRAMES["awsglue.transforms"]) - {""} <= set(transforms.__all__)
