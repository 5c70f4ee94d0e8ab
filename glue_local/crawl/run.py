"""Execute one crawl: list the targets, read samples, group them, write the tables."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from glue_local.crawl.catalog import Catalog
from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.formats import Found, Recognise, classify, custom
from glue_local.crawl.grouping import Group, Grouping
from glue_local.crawl.new_folders import take_partitions, urls, without
from glue_local.crawl.objects import Folder, S3Object, Target, tree
from glue_local.crawl.sample import read_sample
from glue_local.crawler_runs.configuration import parse_configuration

_SAMPLES = 1000
"""The number of objects that are read of a target without SampleSize, but at least one of each folder."""


@dataclass(frozen=True)
class Crawl:
    """What a crawl needs: clients, the crawler, the folders that earlier crawls have read, and functions of its owner.

    ``check`` raises CrawlStopped or Closing, ``log`` writes a line, ``now`` is in epoch seconds.
    """

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
        catalog = Catalog(self.glue, self.crawler, configuration, self.now, self.log, self.check)
        catalog.open()
        classifiers = self._classifiers()
        targets = [Target.of(target) for target in self.crawler["Targets"]["S3Targets"]]
        tables: list[tuple[str, Group, bool]] = []
        read: list[str] = []
        for target in targets:
            folder = tree(self.s3, target, self.check)
            if self._only_new:
                folder = without(folder, target.bucket, self.seen)
                read += urls(folder, target.bucket)
            grouping = self._grouping(target, folder, classifiers)
            if self._only_new and self.seen:
                added = take_partitions(folder, target.bucket, catalog.existing, self.crawler["Name"], grouping)
                tables += [(target.bucket, group, False) for group in added]
                folder = without(folder, target.bucket, ())
            complete = not (self._only_new and self.seen)
            tables += [(target.bucket, group, complete) for group in self._groups(grouping, folder)]
        self._check_threshold(len(tables), configuration.table_threshold)
        self.log(f"BENCHMARK : Classification complete, writing results to database {catalog.database}")
        for bucket, group, complete in tables:
            self.check()
            catalog.write(bucket, group, complete=complete)
        if not self._only_new:
            catalog.remove_missing(lambda location: any(_covers(target, location) for target in targets))
        self.log("INFO : Finished writing to Catalog")
        return catalog.changes.document(), read

    @property
    def _only_new(self) -> bool:
        return bool(self.crawler["RecrawlPolicy"]["RecrawlBehavior"] == "CRAWL_NEW_FOLDERS_ONLY")

    def _classifiers(self) -> list[Recognise]:
        # One that was deleted fails the crawl with its name.
        names = self.crawler["Classifiers"]
        return [custom(self.glue.get_classifier(Name=name)["Classifier"]) for name in names]

    def _grouping(self, target: Target, folder: Folder, classifiers: Sequence[Recognise]) -> Grouping:
        configuration = parse_configuration(self.crawler.get("Configuration"))
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


def _covers(target: Target, location: str) -> bool:
    path = f"s3://{target.bucket}/{target.prefix}".rstrip("/")
    return f"{location.rstrip('/')}/".startswith(f"{path}/")
