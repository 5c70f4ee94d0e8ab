"""Validate the definitions of crawlers."""

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.crawler_runs.configuration import parse_configuration
from glue_local.orchestrate.crawler_schedules import check_schedule
from glue_local.services.context import Context
from glue_local.services.glue.crawlers.lookup import check_classifiers_exist
from glue_local.services.glue.crawlers.targets import TARGETS, check_targets, given_targets
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


def check_crawler(ctx: Context, crawler: Document) -> None:
    """Raise Invalid for a definition that AWS refuses, NotEmulated for one with unsupported targets or options."""
    check_targets(crawler)
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
        "Targets": {**dict.fromkeys(TARGETS, []), **crawler["Targets"]},
        "SchemaChangePolicy": {
            "UpdateBehavior": "UPDATE_IN_DATABASE",
            "DeleteBehavior": "DEPRECATE_IN_DATABASE",
            **policy,
        },
    }


def _check_recrawl(crawler: Document) -> None:
    """Check the RecrawlPolicy. https://docs.aws.amazon.com/glue/latest/dg/incremental-crawls.html"""
    behavior = crawler.get("RecrawlPolicy", {}).get("RecrawlBehavior", "CRAWL_EVERYTHING")
    if behavior == "CRAWL_EVENT_MODE":
        raise NotEmulated("glue-local does not emulate CRAWL_EVENT_MODE yet: use CRAWL_EVERYTHING.")
    if behavior == "CRAWL_NEW_FOLDERS_ONLY" and set(given_targets(crawler)) != {"S3Targets"}:
        raise Invalid("CRAWL_NEW_FOLDERS_ONLY is only supported for Amazon S3 targets.")
    policy = crawler.get("SchemaChangePolicy", {})
    if behavior == "CRAWL_NEW_FOLDERS_ONLY" and {policy.get("UpdateBehavior"), policy.get("DeleteBehavior")} != {"LOG"}:
        # AWS's message: hashicorp/terraform-provider-aws issue 17280.
        raise Invalid(
            'The SchemaChangePolicy for "Crawl new folders only" Amazon S3 target can have only LOG DeleteBehavior value'
            " and LOG UpdateBehavior value."
        )
