"""Group the folders of a target into tables and partitions.

Sibling folders are partitions of one table if their data is compatible (format, compression, depth of the folders) and the
majority of their schemas is similar; otherwise each is a table.
https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html
https://repost.aws/knowledge-center/glue-crawler-detect-schema (threshold and number of clusters)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from glue_local.crawl.formats import UNKNOWN, Found
from glue_local.crawl.objects import Folder, S3Object
from glue_local.crawl.types import Columns, is_compatible, merge_columns, text

_THRESHOLD = 0.7
_MOST_CLUSTERS = 5

Read = Callable[[S3Object], Found]


@dataclass(frozen=True)
class Leaf:
    """A folder with objects, or one object: what was found in it. ``values`` are its folders below the table's root."""

    path: str
    found: Found
    count: int
    size: int
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A table: its root (a key prefix, or the key of its only object) and its leaves, all with equally many values."""

    root: str
    leaves: tuple[Leaf, ...]

    @property
    def depth(self) -> int:
        """The number of partition keys."""
        return len(self.leaves[0].values)

    @property
    def found(self) -> Found:
        """The format, with the columns of all leaves."""
        return _merged([leaf.found for leaf in self.leaves])

    @property
    def is_object(self) -> bool:
        """Whether the table is one object."""
        return not self.root.endswith("/") and self.root != ""


@dataclass(frozen=True)
class Grouping:
    """How to group. ``level`` is the depth of tables, the bucket being 1; 0: as the schemas suggest."""

    read: Read
    sample_size: int
    combine: bool = False
    level: int = 0

    def groups(self, folder: Folder) -> list[Group]:
        """Return the tables in a folder and below it."""
        if folder.is_object:
            return self._each(folder)
        own = self._own(folder) if folder.count else []
        below = [self.groups(child) for child in folder.children.values()]
        flat = [group for groups in below for group in groups]
        if own and flat:
            # Objects beside folders have no place in a table with partitions: each file is a table.
            return [*self._each(folder), *flat]
        if not flat or not self._may_merge(folder, below):
            return own + flat
        return [Group(folder.path, tuple(_one_level_up(folder, leaf) for [group] in below for leaf in group.leaves))]

    def _may_merge(self, folder: Folder, below: list[list[Group]]) -> bool:
        children = [f"{folder.path}{name}/" for name in folder.children]
        if [[group.root for group in groups] for groups in below] != [[child] for child in children]:
            return False
        if _level(folder) < self.level or (_level(folder) == 1 and not self.level and len(below) == 1):
            # A bucket with one folder is not a table with one partition.
            return False
        if len({group.depth for [group] in below}) > 1:
            return False
        founds = [leaf.found for [group] in below for leaf in group.leaves]
        return are_compatible(founds, self._combines(folder))

    def _own(self, folder: Folder) -> list[Group]:
        """Return the table of a folder's objects, or one for each object if they do not fit together."""
        sampled = [self.read(found) for found in _spread(folder.objects, self.sample_size)]
        if are_compatible(sampled, self._combines(folder)):
            return [Group(folder.path, (Leaf(folder.path, _sized(sampled, folder), folder.count, folder.size),))]
        return self._each(folder)

    def _each(self, folder: Folder) -> list[Group]:
        return [Group(found.key, (Leaf(found.key, self.read(found), 1, found.size),)) for found in folder.objects]

    def _combines(self, folder: Folder) -> bool:
        return self.combine or bool(self.level and _level(folder) >= self.level)


def are_compatible(founds: Sequence[Found], combine: bool) -> bool:
    """Return whether files or folders belong in one table; ``combine`` leaves out the comparison of their columns."""
    if len({found.format for found in founds}) != 1:
        return False
    return combine or founds[0].classification == UNKNOWN or _are_similar([found.columns for found in founds])


def similarity(one: Columns, other: Columns) -> float:
    """Return which part of the columns of the wider schema both have with compatible types."""
    common = sum(name in other and is_compatible(kind, other[name]) for name, kind in one.items())
    return common / max(len(one), len(other), 1)


def _are_similar(schemas: Sequence[Columns]) -> bool:
    counts: dict[str, int] = {}
    by_text: dict[str, Columns] = {}
    for schema in schemas:  # thousands of partitions have a handful of schemas
        key = repr([(name, text(kind)) for name, kind in schema.items()])
        counts[key] = counts.get(key, 0) + 1
        by_text[key] = schema
    clusters: list[tuple[Columns, int]] = []
    for key, count in sorted(counts.items(), key=lambda one: -one[1]):
        for at, (first, members) in enumerate(clusters):
            if similarity(first, by_text[key]) > _THRESHOLD:
                clusters[at] = (first, members + count)
                break
        else:
            clusters.append((by_text[key], count))
    largest = max(members for _, members in clusters)
    return len(clusters) <= _MOST_CLUSTERS and largest / len(schemas) > _THRESHOLD


def _one_level_up(folder: Folder, leaf: Leaf) -> Leaf:
    name = leaf.path[len(folder.path) :].split("/")[0]
    return replace(leaf, values=(name, *leaf.values))


def _sized(sampled: list[Found], folder: Folder) -> Found:
    """Return the sampled files as one, with the records of the whole folder."""
    merged = _merged(sampled)
    return replace(merged, records=merged.records * folder.count / len(sampled))


def _merged(founds: Sequence[Found]) -> Found:
    first = founds[0]
    columns: Columns = {}
    for found in {id(each): each for each in founds}.values():
        columns = merge_columns(columns, found.columns) if columns != found.columns else columns
    records = sum(found.records for found in founds)
    size = sum(found.records * found.record_size for found in founds) / records if records else 0.0
    serde = {**first.serde, "paths": ",".join(sorted(columns))} if "paths" in first.serde else first.serde
    return replace(first, columns=columns, records=records, record_size=size, serde=serde)


def _spread(objects: Sequence[S3Object], count: int) -> list[S3Object]:
    """Return at most ``count`` objects, evenly spread."""
    if len(objects) <= count:
        return list(objects)
    return [objects[at * len(objects) // count] for at in range(count)]


def _level(folder: Folder) -> int:
    return 1 + folder.path.count("/")
