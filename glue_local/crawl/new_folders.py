"""Crawls of new folders only: skip the folders that earlier crawls have read, and find the tables of the new ones.

https://docs.aws.amazon.com/glue/latest/dg/incremental-crawls.html
"""

from collections.abc import Collection, Mapping
from typing import Any

from glue_local.crawl.definitions import UPDATED_BY
from glue_local.crawl.grouping import Group, Grouping, Leaf
from glue_local.crawl.objects import Folder


def without(folder: Folder, bucket: str, seen: Collection[str]) -> Folder:
    """Return a tree without the objects of the folders in ``seen`` (URLs), and without empty folders."""
    children = {name: without(child, bucket, seen) for name, child in folder.children.items()}
    kept = {name: child for name, child in children.items() if child.count or child.children}
    if f"s3://{bucket}/{folder.path}" in seen:
        return Folder(folder.path, children=kept)
    return Folder(folder.path, folder.objects, folder.count, folder.size, kept)


def urls(folder: Folder, bucket: str) -> list[str]:
    """Return the URLs of the folders with objects."""
    return [f"s3://{bucket}/{each.path}" for each in folder.walk() if each.count]


def take_partitions(
    folder: Folder, bucket: str, tables: Mapping[str, dict[str, Any]], crawler: str, grouping: Grouping
) -> list[Group]:
    """Return the tables of a crawler to which new folders belong, with only these as leaves; take them out of the tree.

    A folder belongs to the table above it if it is as deep as the table's partitions and has its format.
    """
    roots = {
        table["StorageDescriptor"]["Location"]: table
        for table in tables.values()
        if table.get("Parameters", {}).get(UPDATED_BY) == crawler and table.get("PartitionKeys")
    }
    found: dict[str, list[Leaf]] = {}
    for each in [each for each in folder.walk() if each.count]:
        for location, table in roots.items():
            root = location.removeprefix(f"s3://{bucket}/")
            values = tuple(each.path.removeprefix(root).strip("/").split("/"))
            if not each.path.startswith(root) or len(values) != len(table["PartitionKeys"]):
                continue
            [*groups] = grouping.groups(Folder(each.path, each.objects, each.count, each.size))
            if len(groups) == 1 and groups[0].found.classification == table["Parameters"].get("classification"):
                leaf = groups[0].leaves[0]
                found.setdefault(root, []).append(Leaf(each.path, leaf.found, each.count, each.size, values))
                each.objects, each.count, each.size = [], 0, 0
                break
    return [Group(root, tuple(leaves)) for root, leaves in found.items()]
