"""Validate the definitions of crawlers."""

import re
from typing import Any

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.crawler_runs.configuration import parse_configuration
from glue_local.orchestrate.crawler_schedules import check_schedule
from glue_local.services.context import Context
from glue_local.services.glue.crawlers.lookup import check_classifiers_exist
from glue_local.store import Document

MEMBERS = (
    "Role",
    "DatabaseName",
    "Description",
    "Targets",
    "Classifiers",
    "TablePrefix",
    "SchemaChangePolicy",
    "RecrawlPolicy",
    "LineageConfiguration",
    "LakeFormationConfiguration",
    "Configuration",
    "CrawlerSecurityConfiguration",
)
_TARGETS = {
    "JdbcTargets": "JDBC",
    "MongoDBTargets": "MongoDB",
    "DynamoDBTargets": "DynamoDB",
    "CatalogTargets": "Data Catalog",
    "DeltaTargets": "Delta Lake",
    "IcebergTargets": "Iceberg",
    "HudiTargets": "Hudi",
}
_MOST_SAMPLES = 249
_S3_PATH = re.compile(r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](/.*)?", re.DOTALL)


def check_crawler(ctx: Context, crawler: Document) -> None:
    """Raise Invalid for a definition that AWS refuses, NotEmulated for one with unsupported targets or options."""
    _check_targets(crawler.get("Targets", {}))
    if not crawler.get("DatabaseName"):
        raise Invalid("DatabaseName cannot be null or empty for a crawler with Amazon S3 targets.")
    check_classifiers_exist(ctx, crawler.get("Classifiers", []))
    parse_configuration(crawler.get("Configuration"))
    _check_recrawl(crawler)
    if "Schedule" in crawler:
        check_schedule(ctx, crawler["Schedule"]["ScheduleExpression"])


def with_defaults(crawler: Document) -> Document:
    """Return a crawler with the members that AWS adds to every definition."""
    policy = crawler.get("SchemaChangePolicy", {})
    return {
        "Classifiers": [],
        "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
        "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
        "LakeFormationConfiguration": {"UseLakeFormationCredentials": False, "AccountId": ""},
        **crawler,
        "Targets": {**dict.fromkeys(("S3Targets", *_TARGETS), []), **crawler["Targets"]},
        "SchemaChangePolicy": {
            "UpdateBehavior": "UPDATE_IN_DATABASE",
            "DeleteBehavior": "DEPRECATE_IN_DATABASE",
            **policy,
        },
    }


def _check_targets(targets: dict[str, Any]) -> None:
    for member, what in _TARGETS.items():
        if targets.get(member):
            raise NotEmulated(f"glue-local does not emulate crawlers of {what} targets yet: use S3Targets.")
    if not targets.get("S3Targets"):
        raise Invalid("At least one target is required: Targets has no S3Targets.")
    for target in targets["S3Targets"]:
        path = target.get("Path", "")
        if not _S3_PATH.fullmatch(path):
            raise Invalid(f"The Path of an S3 target must be s3://bucket/prefix, not {path!r}.")
        if not 1 <= target.get("SampleSize", 1) <= _MOST_SAMPLES:
            raise Invalid(f"SampleSize must be between 1 and {_MOST_SAMPLES}, not {target['SampleSize']}.")
        for member in ("ConnectionName", "EventQueueArn", "DlqEventQueueArn"):
            if target.get(member):
                raise NotEmulated(f"glue-local does not emulate {member} of an S3 target yet: leave it out.")


def _check_recrawl(crawler: Document) -> None:
    behavior = crawler.get("RecrawlPolicy", {}).get("RecrawlBehavior", "CRAWL_EVERYTHING")
    if behavior == "CRAWL_EVENT_MODE":
        raise NotEmulated("glue-local does not emulate CRAWL_EVENT_MODE yet: use CRAWL_EVERYTHING.")
    policy = crawler.get("SchemaChangePolicy", {})
    if behavior == "CRAWL_NEW_FOLDERS_ONLY" and {policy.get("UpdateBehavior"), policy.get("DeleteBehavior")} != {"LOG"}:
        # AWS's message: hashicorp/terraform-provider-aws issue 17280.
        raise Invalid(
            'The SchemaChangePolicy for "Crawl new folders only" Amazon S3 target can have only LOG DeleteBehavior value'
            " and LOG UpdateBehavior value."
        )
