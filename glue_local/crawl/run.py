"""Execute one crawl: list the targets, read samples, group them, write the tables."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from glue_local.crawl.catalog import Catalog
from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.formats import Found, Recognise, classify, custom
from glue_local.crawl.grouping import Group, Grouping
from glue_local.crawl.new_folders import take_partitions, urls, without
from glue_local.crawl.objects import Folder, S3Object, Target, tree
from glue_local.crawl.sample import read_sample
from glue_local.crawl.targets import catalog_tables, delta, dynamodb, hudi, iceberg, jdbc
from glue_local.crawl.targets.tables import Store, Table
from glue_local.crawler_runs.configuration import Configuration, parse_configuration
from glue_local.settings import machine

_SAMPLES = 1000
"""The number of objects that are read of a target without SampleSize, but at least one of each folder."""


@dataclass(frozen=True)
class Crawl:
    """What a crawl needs: clients, the crawler, the folders that earlier crawls have read, and functions of its owner.

    ``client`` makes a client of a service, ``check`` raises CrawlStopped or Closing, ``log`` writes a line, ``now`` is
    in epoch seconds.
    """

    client: Callable[[str], Any]
    s3: Any
    glue: Any
    crawler: dict[str, Any]
    seen: Collection[str]
    now: float
    check: Callable[[], None]
    log: Callable[[str], None]

    def run(self) -> tuple[dict[str, Any], list[str]]:
        """Crawl; returns the changes, and the folders that were read. Raises CrawlFailed."""
        configuration = parse_configuration(self.crawler.get("Configuration"))
        classifiers = self._classifiers()
        if self.crawler["Targets"]["CatalogTargets"]:
            return self._run_catalog_targets(configuration, classifiers), []
        catalog = self._catalog(self.crawler["DatabaseName"], configuration)
        catalog.open()
        targets = [Target.of(target) for target in self.crawler["Targets"]["S3Targets"]]
        groups: list[tuple[str, Group, bool]] = []
        read: list[str] = []
        for target in targets:
            folder = tree(self.s3, target, self.check)
            if self._only_new:
                folder = without(folder, target.bucket, self.seen)
                read += urls(folder, target.bucket)
            grouping = self._grouping(target, folder, configuration, classifiers)
            if self._only_new and self.seen:
                added = take_partitions(folder, target.bucket, catalog.existing, self.crawler["Name"], grouping)
                groups += [(target.bucket, group, False) for group in added]
                folder = without(folder, target.bucket, ())
            complete = not (self._only_new and self.seen)
            groups += [(target.bucket, group, complete) for group in self._groups(grouping, folder)]
        tables = list(self._tables())
        self._check_threshold(len(groups) + len(tables), configuration.table_threshold)
        self.log(f"BENCHMARK : Classification complete, writing results to database {catalog.database}")
        for bucket, group, complete in groups:
            self.check()
            catalog.write(bucket, group, complete=complete)
        for table in tables:
            self.check()
            catalog.write_table(table.input, table.partitions)
        if not self._only_new:
            catalog.remove_missing(self._covers)
        self.log("INFO : Finished writing to Catalog")
        return catalog.changes.document(), read

    @property
    def _only_new(self) -> bool:
        return bool(self.crawler["RecrawlPolicy"]["RecrawlBehavior"] == "CRAWL_NEW_FOLDERS_ONLY")

    def _catalog(self, database: str, configuration: Configuration) -> Catalog:
        crawler = {**self.crawler, "DatabaseName": database}
        return Catalog(self.glue, crawler, configuration, self.now, self.log, self.check)

    def _classifiers(self) -> list[Recognise]:
        # One that was deleted fails the crawl with its name.
        names = self.crawler["Classifiers"]
        return [custom(self.glue.get_classifier(Name=name)["Classifier"]) for name in names]

    def _run_catalog_targets(self, configuration: Configuration, classifiers: Sequence[Recognise]) -> dict[str, Any]:
        """Update the tables of the catalog targets; returns the changes."""
        catalogs: dict[str, Catalog] = {}
        for target in self.crawler["Targets"]["CatalogTargets"]:
            name = target["DatabaseName"].lower()
            if name not in catalogs:
                catalogs[name] = self._catalog(name, configuration)
                catalogs[name].open(create=False)
            for table in catalog_tables.existing(catalogs[name].existing, target):
                self.check()
                for found in self._as_it_is(table, configuration, classifiers):
                    catalogs[name].write_table(found.input, found.partitions)
        changes = list(catalogs.values())
        for other in changes[1:]:
            changes[0].changes.add(other.changes)
        self.log("INFO : Finished writing to Catalog")
        return changes[0].changes.document()

    def _as_it_is(
        self, table: dict[str, Any], configuration: Configuration, classifiers: Sequence[Recognise]
    ) -> list[Table]:
        """Return an existing table as its data is; none if there is no data, or not that of one table."""
        kind = catalog_tables.kind_of(table)
        if kind in ("delta", "manifests"):
            target = catalog_tables.delta_target(table, kind)
            tables = list(delta.tables(Store(self.s3, "", self.check), target, self.log))
            return [catalog_tables.with_name(table, found) for found in tables]
        if kind == "dynamodb":
            name = table["StorageDescriptor"]["Location"].rpartition("/")[2]
            tables = list(dynamodb.tables(self.client("dynamodb"), "", {"Path": name}, self.check))
            return [catalog_tables.with_name(table, found) for found in tables]
        place = catalog_tables.place_of(table)
        folder = tree(self.s3, place, self.check)
        # A table has one schema, whatever the files are.
        combined = replace(configuration, combine_schemas=True, table_level=catalog_tables.level_of(place))
        groups = self._groups(self._grouping(place, folder, combined, classifiers), folder)
        changed = catalog_tables.changed(table, place, groups, self.log)
        return [changed] if changed else []

    def _tables(self) -> Iterator[Table]:
        """Yield the tables of the targets that are no files."""
        targets = self.crawler["Targets"]
        prefix = self.crawler.get("TablePrefix", "")
        store = Store(self.s3, prefix, self.check)
        for target in targets["IcebergTargets"]:
            yield from iceberg.tables(store, target)
        for target in targets["DeltaTargets"]:
            yield from delta.tables(store, target, self.log)
        for target in targets["HudiTargets"]:
            yield from hudi.tables(store, target)
        for target in targets["DynamoDBTargets"]:
            yield from dynamodb.tables(self.client("dynamodb"), prefix, target, self.check)
        databases = jdbc.Databases(self.client, prefix, machine(), self.check)
        for target in targets["JdbcTargets"]:
            yield from databases.tables(target)

    def _grouping(
        self, target: Target, folder: Folder, configuration: Configuration, classifiers: Sequence[Recognise]
    ) -> Grouping:
        folders = sum(1 for each in folder.walk() if each.count)
        samples = target.sample_size or max(_SAMPLES // max(folders, 1), 1)
        known: dict[str, Found] = {}

        def read(found: S3Object) -> Found:
            if found.key not in known:
                self.check()
                known[found.key] = classify(read_sample(self.s3, target.bucket, found), classifiers)
            return known[found.key]

        return Grouping(read, samples, configuration.combine_schemas, configuration.table_level)

    def _groups(self, grouping: Grouping, folder: Folder) -> list[Group]:
        return grouping.groups(folder) if folder.count or folder.children else []

    def _check_threshold(self, count: int, most: int | None) -> None:
        if most is not None and count > most:
            raise CrawlFailed(
                f"The number of tables detected by crawler: {count} is greater than the table threshold value provided:"
                f" {most}. Manage the table threshold for your crawler via the crawler settings."
            )

    def _covers(self, location: str) -> bool:
        """Return whether a target of the crawler has the location of a table."""
        targets = self.crawler["Targets"]
        paths = [target["Path"] for target in targets["S3Targets"]]
        paths += [path for target in targets["DeltaTargets"] for path in target.get("DeltaTables", [])]
        for kind in ("IcebergTargets", "HudiTargets"):
            paths += [path for target in targets[kind] for path in target.get("Paths", [])]
        databases = [target["Path"].strip("/").partition("/")[0] for target in targets["JdbcTargets"]]
        if any(location.startswith(f"{database}.") for database in databases):
            return True
        return any(f"{location.rstrip('/')}/".startswith(f"{path.rstrip('/')}/") for path in paths)
