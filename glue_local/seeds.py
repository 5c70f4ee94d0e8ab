"""Put the seeds of glue-local.yaml into S3 and make tables from them, as a crawler would."""

import hashlib
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from glue_local.core.clock import system_clock
from glue_local.crawl.catalog import Catalog
from glue_local.crawl.failures import CrawlFailed
from glue_local.crawl.formats import UNKNOWN, Found, classify
from glue_local.crawl.grouping import Group, Grouping
from glue_local.crawl.objects import S3Object, Target, tree
from glue_local.crawl.sample import read_sample
from glue_local.crawler_runs.configuration import Configuration
from glue_local.promote.apply.provision import CREATED, UNCHANGED, UPDATED
from glue_local.promote.definition.document import DefinitionError
from glue_local.promote.definition.seeds import Seed

_SAMPLES = 100  # objects that are read of each folder


class _OneTable(Catalog):
    """A crawler's catalog whose table has a given name."""

    def name_of(self, location: str, name: str) -> str:
        return str(self.crawler["Table"])


def plant(seeds: list[Seed], s3: Any, glue: Any) -> Iterator[tuple[str, str, str]]:
    """Put each seed's files and make its table; yield (kind, name, outcome). Repeating it changes nothing.

    Raises DefinitionError if a bucket does not exist, or the files are not those of one table; then it removes the seed's
    new files again.
    """
    for seed in seeds:
        outcomes = {key: _put(s3, seed, file.read_bytes(), key) for file, key in seed.files()}
        stored = next((each for each in (CREATED, UPDATED) if each in outcomes.values()), UNCHANGED)
        yield "seed", seed.destination, stored
        if seed.table:
            before = _exists(glue, seed.table)
            if stored != UNCHANGED or not before:
                try:
                    _make_table(seed, s3, glue)
                except (DefinitionError, ClientError):
                    # So that the next attempt puts them, and makes the table, again.
                    for key in (key for key, outcome in outcomes.items() if outcome != UNCHANGED):
                        s3.delete_object(Bucket=seed.bucket, Key=key)
                    raise
            yield "table", seed.table, CREATED if not before else stored if stored == UNCHANGED else UPDATED


def _put(s3: Any, seed: Seed, body: bytes, key: str) -> str:
    outcome = CREATED
    try:
        there = s3.head_object(Bucket=seed.bucket, Key=key)
        # The ETag of an object that was put in one part is its MD5.
        if there["ETag"].strip('"') == hashlib.md5(body, usedforsecurity=False).hexdigest():
            return UNCHANGED
        outcome = UPDATED
    except ClientError as error:
        if error.response["Error"]["Code"] != "404":
            raise
    try:
        s3.put_object(Bucket=seed.bucket, Key=key, Body=body)
    except s3.exceptions.NoSuchBucket:
        raise seed.place.error(f"bucket {seed.bucket} does not exist: list it under buckets:") from None
    return outcome


def _exists(glue: Any, table: str) -> bool:
    database, _, name = table.partition(".")
    try:
        glue.get_table(DatabaseName=database, Name=name)
    except glue.exceptions.EntityNotFoundException:
        return False
    return True


def _make_table(seed: Seed, s3: Any, glue: Any) -> None:
    database, _, name = str(seed.table).partition(".")
    policy = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
    crawler = {"Name": "glue-local-seeds", "Table": name, "DatabaseName": database, "SchemaChangePolicy": policy}
    catalog = _OneTable(glue, crawler, Configuration(), system_clock().timestamp(), lambda line: None, lambda: None)
    try:
        catalog.open()
        catalog.write(seed.bucket, _group(seed, s3))
    except CrawlFailed as error:
        raise seed.place.error(f"cannot make the table {seed.table}: {error}") from None


def _group(seed: Seed, s3: Any) -> Group:
    # Of a single file, the table is its folder.
    prefix = (
        f"{seed.key.rstrip('/')}/" if seed.source.is_dir() or seed.key.endswith("/") else seed.key.rpartition("/")[0]
    )
    prefix = f"{prefix.rstrip('/')}/" if prefix else ""

    def read(found: S3Object) -> Found:
        return classify(read_sample(s3, seed.bucket, found))

    target = Target(seed.bucket, prefix, (), None)
    grouping = Grouping(read, _SAMPLES, True, 1 + prefix.count("/"))
    groups = grouping.groups(tree(s3, target, lambda: None))
    if len(groups) != 1 or groups[0].found.classification == UNKNOWN:
        formats = ", ".join(sorted({group.found.classification for group in groups})) or "none"
        raise seed.place.error(
            f"the files at s3://{seed.bucket}/{prefix} are not those of one table (formats: {formats}):"
            " give each table a folder of its own"
        )
    return groups[0]
