"""Write what a crawl has found to the Data Catalog, by the crawler's SchemaChangePolicy and Configuration.

https://docs.aws.amazon.com/glue/latest/dg/crawler-schema-changes-prevent.html
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from glue_local.crawl.definitions import DEPRECATED_BY, UPDATED_BY, keys_of, partition_input, table_input
from glue_local.crawl.grouping import Group
from glue_local.crawl.names import table_name, with_hash
from glue_local.crawler_runs.configuration import Configuration

_CREATED_AT_ONCE = 100
_DELETED_AT_ONCE = 25
_INDEX = "crawler_partition_index"

Table = dict[str, Any]


@dataclass
class Changes:
    """Names of the tables and numbers of the partitions that a crawl has created, updated and deleted."""

    tables: dict[str, list[str]] = field(default_factory=lambda: {"Created": [], "Updated": [], "Deleted": []})
    partitions: dict[str, int] = field(default_factory=lambda: {"Created": 0, "Updated": 0, "Deleted": 0})

    def add(self, other: "Changes") -> None:
        """Add the changes in another database."""
        for what in self.tables:
            self.tables[what] += other.tables[what]
            self.partitions[what] += other.partitions[what]

    def document(self) -> dict[str, Any]:
        """Return them as the ``Changes`` of a crawl."""
        tables = {f"Tables{what}": names for what, names in self.tables.items()}
        return {**tables, **{f"Partitions{what}": count for what, count in self.partitions.items()}}


@dataclass
class Catalog:
    """The database of a crawler. ``now`` is the time of the crawl in epoch seconds, ``log`` writes a line to its log."""

    glue: Any
    crawler: dict[str, Any]
    configuration: Configuration
    now: float
    log: Callable[[str], None]
    check: Callable[[], None]
    changes: Changes = field(default_factory=Changes)
    existing: dict[str, Table] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def open(self, *, create: bool = True) -> None:
        """Read the tables of the database; with ``create``, create it if it does not exist."""
        name = self.database
        try:
            self.glue.get_database(Name=name)
        except self.glue.exceptions.EntityNotFoundException:
            if not create:
                raise
            self.glue.create_database(DatabaseInput={"Name": name})
            self.log(f"INFO : Created database {name}")
        pages = self.glue.get_paginator("get_tables").paginate(DatabaseName=name)
        self.existing = {table["Name"]: table for page in pages for table in page["TableList"]}

    @property
    def database(self) -> str:
        """The name of the database."""
        return str(self.crawler["DatabaseName"]).lower()

    def write(self, bucket: str, group: Group, *, complete: bool = True) -> None:
        """Create or update a table with its partitions. Without ``complete``, ``group`` has only some of its partitions."""
        name = table_name(self.crawler.get("TablePrefix", ""), bucket, group.root)
        keys = keys_of(group)
        partitions = [partition_input(bucket, keys, leaf) for leaf in group.leaves] if group.depth else []
        self.write_table(table_input(name, bucket, group), partitions, complete=complete)

    def write_table(self, found: Table, partitions: list[Table], *, complete: bool = True) -> None:
        """Create or update a table, given as TableInput, and its partitions, given as PartitionInput."""
        name = self.name_of(found["StorageDescriptor"]["Location"], found["Name"])
        self.written.add(name)
        found = _updated_by(self.crawler["Name"], {**found, "Name": name})
        before = self.existing.get(name)
        if before is None:
            self._create(found)
        elif complete:
            found = self._update(before, found)
        else:
            found = _input_of(before)
        if partitions:
            self._write_partitions(found, partitions, complete=complete)

    def name_of(self, location: str, name: str) -> str:
        """Return the name of the table at a location: with a hash if another location has the name."""
        taken = self.existing.get(name)
        if name in self.written or (taken is not None and not _is_at(taken, location)):
            return with_hash(name, location)
        return name

    def remove_missing(self, covers: Callable[[str], bool]) -> None:
        """Apply the DeleteBehavior to tables of this crawler that it has not found, whose location a target covers."""
        for name, table in self.existing.items():
            location = table.get("StorageDescriptor", {}).get("Location", "")
            if (
                name not in self.written
                and table.get("Parameters", {}).get(UPDATED_BY) == self.crawler["Name"]
                and covers(location)
            ):
                self._remove(table)

    def _create(self, found: Table) -> None:
        keys = [key["Name"] for key in found["PartitionKeys"]]
        if keys and self.configuration.partition_index:
            found["Parameters"]["partition_filtering.enabled"] = "true"
            index = {"PartitionIndexes": [{"IndexName": _INDEX, "Keys": keys}]}
        else:
            index = {}
        self.glue.create_table(DatabaseName=self.database, TableInput=found, **index)
        self.changes.tables["Created"].append(found["Name"])
        self.log(f"INFO : Created table {found['Name']} in database {self.database}")

    def _update(self, before: Table, found: Table) -> Table:
        """Update a table if it has changed; return its TableInput as it is then."""
        old = _input_of(before)
        if self.configuration.merge_new_columns:
            found = _with_new_columns(old, found)
        elif "partition_filtering.enabled" in old["Parameters"]:
            found["Parameters"]["partition_filtering.enabled"] = "true"
        if _is_subset(found, old) and DEPRECATED_BY not in old.get("Parameters", {}):
            return old
        name = found["Name"]
        if self.crawler["SchemaChangePolicy"]["UpdateBehavior"] == "LOG":
            self.log(f"INFO : Table {name} has changed and is not updated: UpdateBehavior is LOG")
            return old
        if [key["Name"] for key in old.get("PartitionKeys", [])] != [key["Name"] for key in found["PartitionKeys"]]:
            self._delete_partitions(name, [each["Values"] for each in self._partitions(name)])
        self.glue.update_table(DatabaseName=self.database, TableInput=found)
        self.changes.tables["Updated"].append(name)
        self.log(f"INFO : Updated table {name} in database {self.database}")
        return found

    def _write_partitions(self, table: Table, inputs: list[Table], *, complete: bool) -> None:
        name, behavior = table["Name"], self.crawler["SchemaChangePolicy"]
        if len(table.get("PartitionKeys", [])) != len(inputs[0]["Values"]):
            self.log(f"WARN : The partition keys of table {name} have changed: its partitions are not updated")
            return
        if self.configuration.inherit_from_table:
            inputs = [_inherited(table, each) for each in inputs]
        before = {tuple(each["Values"]): each for each in self._partitions(name)}
        new = [each for each in inputs if tuple(each["Values"]) not in before]
        for some in _batches(new, _CREATED_AT_ONCE):
            self.check()
            errors = self.glue.batch_create_partition(
                DatabaseName=self.database, TableName=name, PartitionInputList=some
            )["Errors"]
            self.changes.partitions["Created"] += len(some) - len(errors)
        if behavior["UpdateBehavior"] != "LOG":
            changed = [each for each in inputs if _differs(before.get(tuple(each["Values"])), each)]
            for some in _batches(changed, _CREATED_AT_ONCE):
                self.check()
                entries = [{"PartitionValueList": each["Values"], "PartitionInput": each} for each in some]
                self.glue.batch_update_partition(DatabaseName=self.database, TableName=name, Entries=entries)
                self.changes.partitions["Updated"] += len(some)
        if complete:
            found = {tuple(each["Values"]) for each in inputs}
            self._remove_partitions(name, [each for values, each in before.items() if values not in found])

    def _remove_partitions(self, table: str, missing: list[Table]) -> None:
        behavior = self.crawler["SchemaChangePolicy"]["DeleteBehavior"]
        if behavior == "DELETE_FROM_DATABASE":
            self._delete_partitions(table, [each["Values"] for each in missing])
        elif behavior == "DEPRECATE_IN_DATABASE":
            fresh = [each for each in missing if DEPRECATED_BY not in each.get("Parameters", {})]
            for some in _batches(fresh, _CREATED_AT_ONCE):
                entries = [
                    {"PartitionValueList": each["Values"], "PartitionInput": self._deprecated(_partition_of(each))}
                    for each in some
                ]
                self.glue.batch_update_partition(DatabaseName=self.database, TableName=table, Entries=entries)
                self.changes.partitions["Updated"] += len(some)

    def _delete_partitions(self, table: str, values: list[list[str]]) -> None:
        for some in _batches(values, _DELETED_AT_ONCE):
            self.check()
            wanted = [{"Values": each} for each in some]
            self.glue.batch_delete_partition(DatabaseName=self.database, TableName=table, PartitionsToDelete=wanted)
            self.changes.partitions["Deleted"] += len(some)

    def _remove(self, table: Table) -> None:
        name, behavior = table["Name"], self.crawler["SchemaChangePolicy"]["DeleteBehavior"]
        if behavior == "DELETE_FROM_DATABASE":
            self.glue.delete_table(DatabaseName=self.database, Name=name)
            self.changes.tables["Deleted"].append(name)
            self.log(f"INFO : Deleted table {name} from database {self.database}")
        elif behavior == "DEPRECATE_IN_DATABASE" and DEPRECATED_BY not in table["Parameters"]:
            self.glue.update_table(DatabaseName=self.database, TableInput=self._deprecated(_input_of(table)))
            self.changes.tables["Updated"].append(name)
            self.log(f"INFO : Deprecated table {name} in database {self.database}")
        elif behavior == "LOG":
            self.log(f"INFO : The data of table {name} was not found; it remains: DeleteBehavior is LOG")

    def _deprecated(self, given: Table) -> Table:
        # The time in milliseconds, as AWS writes it.
        return {**given, "Parameters": {**given.get("Parameters", {}), DEPRECATED_BY: str(int(1000 * self.now))}}

    def _partitions(self, table: str) -> list[Table]:
        try:
            pages = self.glue.get_paginator("get_partitions").paginate(DatabaseName=self.database, TableName=table)
            return [each for page in pages for each in page["Partitions"]]
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise
            return []


_OF_TABLE = (
    "Name",
    "Description",
    "Owner",
    "Retention",
    "TableType",
    "PartitionKeys",
    "StorageDescriptor",
    "Parameters",
    "ViewOriginalText",
    "ViewExpandedText",
)


def _input_of(table: Table) -> Table:
    return {"Parameters": {}, **{member: table[member] for member in _OF_TABLE if member in table}}


def _partition_of(partition: Table) -> Table:
    return {
        member: partition[member] for member in ("Values", "StorageDescriptor", "Parameters") if member in partition
    }


def _updated_by(crawler: str, table: Table) -> Table:
    mark = {UPDATED_BY: crawler}
    descriptor = table["StorageDescriptor"]
    if "Parameters" in descriptor:
        descriptor = {**descriptor, "Parameters": {**descriptor["Parameters"], **mark}}
    return {**table, "StorageDescriptor": descriptor, "Parameters": {**table["Parameters"], **mark}}


def _is_at(table: Table, location: str) -> bool:
    return bool(table.get("StorageDescriptor", {}).get("Location", "").rstrip("/") == location.rstrip("/"))


def _is_subset(found: Any, old: Any) -> bool:
    """Return whether everything in ``found`` is the same in ``old``, which may have more members."""
    if isinstance(found, dict) and isinstance(old, dict):
        return all(member in old and _is_subset(value, old[member]) for member, value in found.items())
    return bool(found == old)


def _differs(before: Table | None, found: Table) -> bool:
    return before is not None and (DEPRECATED_BY in before.get("Parameters", {}) or not _is_subset(found, before))


def _with_new_columns(old: Table, found: Table) -> Table:
    """Return a table with the columns that it has, and those of them that are new ("Add new columns only")."""
    descriptor = old["StorageDescriptor"]
    have = {column["Name"] for column in descriptor["Columns"]}
    new = [column for column in found["StorageDescriptor"]["Columns"] if column["Name"] not in have]
    parameters = {name: value for name, value in old["Parameters"].items() if name != DEPRECATED_BY}
    return {
        **old,
        "StorageDescriptor": {**descriptor, "Columns": [*descriptor["Columns"], *new]},
        "Parameters": {**parameters, **found["Parameters"]},
    }


def _inherited(table: Table, partition: Table) -> Table:
    """Return a partition with the schema, format and SerDe of its table, and its own location ("InheritFromTable")."""
    own = partition["StorageDescriptor"]
    descriptor = {**table["StorageDescriptor"], "Location": own["Location"], "Parameters": own["Parameters"]}
    classification = {
        name: table["Parameters"][name] for name in ("classification",) if name in table.get("Parameters", {})
    }
    return {**partition, "StorageDescriptor": descriptor, "Parameters": {**partition["Parameters"], **classification}}


def _batches(items: list[Any], size: int) -> Iterable[list[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
