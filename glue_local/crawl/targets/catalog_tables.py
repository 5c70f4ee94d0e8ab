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


def kind_of(table: Mapping[str, Any]) -> str:
    """Return where the data of a table is: files, delta, manifests or dynamodb. Raises CrawlFailed for other tables."""
    parameters = {name: str(value).lower() for name, value in table.get("Parameters", {}).items()}
    told = {parameters.get(name) for name in ("table_type", "spark.sql.sources.provider", "classification")}
    descriptor = table.get("StorageDescriptor", {})
    if "dynamodb" in told:
        return "dynamodb"
    if descriptor.get("InputFormat", "").endswith("SymlinkTextInputFormat"):
        return "manifests"
    if "delta" in told:
        return "delta"
    location = descriptor.get("Location", "")
    if told & {"iceberg", "hudi"} or not location.startswith("s3://"):
        raise CrawlFailed(
            "A crawler with catalog targets crawls only tables of files in Amazon S3, Delta Lake and DynamoDB, and"
            f" {table['Name']} is none: its location is {location or 'empty'}."
        )
    return "files"


def place_of(table: Mapping[str, Any]) -> Target:
    """Return where the files of a table are."""
    location = table["StorageDescriptor"]["Location"]
    return Target.of({"Path": location if location.endswith("/") else f"{location}/"})


def delta_target(table: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the DeltaTarget of a table of the kind delta or manifests."""
    path = table["StorageDescriptor"]["Location"].rstrip("/").removesuffix("/_symlink_format_manifest")
    return {"DeltaTables": [path], "CreateNativeDeltaTable": kind == "delta"}


def with_name(table: Mapping[str, Any], found: Table) -> Table:
    """Return what was found with the name, the location and the other parameters of the existing table."""
    descriptor = {**found.input["StorageDescriptor"], "Location": table["StorageDescriptor"]["Location"]}
    parameters = {**table.get("Parameters", {}), **found.input["Parameters"]}
    made = {**found.input, "Name": table["Name"], "StorageDescriptor": descriptor, "Parameters": parameters}
    return Table(made, found.partitions)


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
    names = [key["Name"] for key in keys]
    partitions = [partition_input(place.bucket, names, leaf) for leaf in group.leaves] if keys else []
    return with_name(table, Table({**found, "PartitionKeys": keys}, partitions))
