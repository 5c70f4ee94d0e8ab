"""Existing tables of the Data Catalog: their location is crawled, and they are updated, but none is created or deleted.

https://docs.aws.amazon.com/glue/latest/dg/define-crawler-choose-data-sources.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from glue_local.crawl.definitions import partition_input, table_input
from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.grouping import Group
from glue_local.crawl.objects import Target
from glue_local.crawl.targets.tables import Table


def existing(tables: Mapping[str, dict[str, Any]], target: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the tables of a CatalogTarget. Raises CrawlFailed for one that does not exist."""
    for name in target["Tables"]:
        if name.lower() not in tables:
            raise CrawlFailed(
                f"Table {name} of the catalog target does not exist in database {target['DatabaseName']}."
            )
    return [tables[name.lower()] for name in target["Tables"]]


def place_of(table: Mapping[str, Any]) -> Target:
    """Return where the data of a table is. Raises CrawlFailed if it is not in S3."""
    location = table.get("StorageDescriptor", {}).get("Location", "")
    if not location.startswith("s3://"):
        raise CrawlFailed(
            f"glue-local crawls only catalog tables in Amazon S3, and {table['Name']} is at {location or 'no location'}."
        )
    return Target.of({"Path": location if location.endswith("/") else f"{location}/"})


def level_of(place: Target) -> int:
    """Return the level of a table's folder, the bucket being 1."""
    return 1 + place.prefix.count("/")


def changed(table: dict[str, Any], place: Target, groups: list[Group], log: Callable[[str], None]) -> Table | None:
    """Return a table as its data is now, None if there is none or it is not one table."""
    name = table["Name"]
    if not groups:
        log(f"INFO : The data of table {name} was not found; it remains: DeleteBehavior is LOG")
        return None
    if [group.root for group in groups] != [place.prefix]:
        log(f"WARN : The data of table {name} has {len(groups)} tables or formats: the table is not updated")
        return None
    [group] = groups
    found = table_input(name, place.bucket, group)
    keys, have = found["PartitionKeys"], table.get("PartitionKeys", [])
    if len(have) == len(keys):
        # Their names and types are those that the table was created with.
        keys = have
    location = table["StorageDescriptor"]["Location"]
    made = {
        **found,
        "PartitionKeys": keys,
        "StorageDescriptor": {**found["StorageDescriptor"], "Location": location},
        "Parameters": {**table.get("Parameters", {}), **found["Parameters"]},
    }
    names = [key["Name"] for key in keys]
    return Table(made, [partition_input(place.bucket, names, leaf) for leaf in group.leaves] if keys else [])
