"""What the arguments of the class-style transforms are, by name: type and description."""

from collections.abc import Mapping
from types import MappingProxyType

ARGUMENTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "frame": ("DynamicFrame", "the frame to transform"),
        "frame1": ("DynamicFrame", "the first frame"),
        "frame2": ("DynamicFrame", "the second frame"),
        "dfc": ("DynamicFrameCollection", "the frames to transform"),
        "mappings": ("List", "tuples of source, source type, target, target type"),
        "case_sensitive": ("Boolean", "whether names of fields know case"),
        "num_partitions": ("Integer", "how many partitions"),
        "shuffle": ("Boolean", "whether records may move between partitions"),
        "paths": ("List", "paths of fields"),
        "path": ("String", "a path"),
        "f": ("Function", "a function of a record"),
        "preservesPartitioning": ("Boolean", "whether records stay in their partitions"),
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
        "staging_path": ("String", "where keyed records are kept"),
        "name": ("String", "the name of the root table"),
        "options": ("Dict", "options"),
        "name1": ("String", "the name of the first frame"),
        "name2": ("String", "the name of the second frame"),
        "comparison_dict": ("Dict", "comparisons by path"),
        "format": ("String", "the format of the text"),
        "BaseTransform": ("GlueTransform", "the transform to apply"),
        "frame_name": ("String", "the argument that takes the frame"),
        "transformation_ctx": ("String", "a unique string that identifies state"),
        "info": ("String", "a text for error records"),
        "stageThreshold": ("Integer", "how many errors of this step are too many; 0 is without limit"),
        "totalThreshold": ("Integer", "how many errors so far are too many; 0 is without limit"),
    }
)
