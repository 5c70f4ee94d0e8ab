"""Type and description of the arguments of the class-style transforms, for the ``describe`` methods."""

from collections.abc import Mapping
from types import MappingProxyType

ARGUMENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "frame": ("DynamicFrame", "the frame to transform"),
        "frame1": ("DynamicFrame", "the first frame"),
        "frame2": ("DynamicFrame", "the second frame"),
        "dfc": ("DynamicFrameCollection", "the frames to transform"),
        "mappings": ("List", "tuples of source, source type, target, target type"),
        "case_sensitive": ("Boolean", "whether field names are case-sensitive"),
        "num_partitions": ("Integer", "the number of partitions"),
        "shuffle": ("Boolean", "whether to shuffle records between partitions"),
        "paths": ("List", "paths of fields"),
        "path": ("String", "a path"),
        "f": ("Function", "a function of a record"),
        "preservesPartitioning": ("Boolean", "whether records stay in their partition"),
        "keys1": ("List", "keys of the first frame"),
        "keys2": ("List", "keys of the second frame"),
        "key": ("String", "the name of a frame"),
        "callable": ("Function", "a function of a frame and its context"),
        "old_name": ("String", "the full path of the field"),
        "new_name": ("String", "its new full path"),
        "specs": ("List", "pairs of path and action"),
        "choice": ("String", "the action for all choices"),
        "database": ("String", "the database of match_catalog"),
        "table_name": ("String", "the table of match_catalog"),
        "catalog_id": ("String", "the catalog of match_catalog"),
        "staging_path": ("String", "the folder for intermediate files"),
        "name": ("String", "the name of the root table"),
        "options": ("Dict", "options"),
        "name1": ("String", "the name of the first frame"),
        "name2": ("String", "the name of the second frame"),
        "comparison_dict": ("Dict", "comparisons by path"),
        "format": ("String", "the format of the text"),
        "BaseTransform": ("GlueTransform", "the transform to apply"),
        "frame_name": ("String", "the argument that takes the frame"),
        "transformation_ctx": ("String", "a unique string that identifies state"),
        "info": ("String", "a text to include in error records"),
        "stageThreshold": ("Integer", "the number of errors in this step that fails the job; 0 means no limit"),
        "totalThreshold": ("Integer", "the number of errors up to this step that fails the job; 0 means no limit"),
    }
)
