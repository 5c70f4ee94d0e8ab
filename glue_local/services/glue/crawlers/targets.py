"""Validate the targets of crawlers."""

import re
from collections.abc import Mapping
from typing import Any

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.store import Document

TARGETS = (
    "S3Targets",
    "JdbcTargets",
    "MongoDBTargets",
    "DynamoDBTargets",
    "CatalogTargets",
    "DeltaTargets",
    "IcebergTargets",
    "HudiTargets",
)
_NOT_EMULATED = {"MongoDBTargets": "MongoDB"}
_MOST_SAMPLES = 249
_MOST_LEVELS = 20
_SLOWEST, _FASTEST = 0.1, 1.5  # scanRate
_S3_PATH = re.compile(r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](/.*)?", re.DOTALL)


def given_targets(crawler: Document) -> dict[str, list[dict[str, Any]]]:
    """Return the targets of a crawler by kind, without the kinds of which there are none."""
    targets = crawler.get("Targets", {})
    return {kind: targets[kind] for kind in TARGETS if targets.get(kind)}


def check_targets(crawler: Document) -> None:
    """Raise Invalid for targets that AWS refuses, NotEmulated for unsupported ones."""
    targets = given_targets(crawler)
    for kind, what in _NOT_EMULATED.items():
        if kind in targets:
            raise NotEmulated(
                f"glue-local does not emulate crawlers of {what} targets yet: use another kind of target."
            )
    if not targets:
        raise Invalid("At least one target is required: Targets has none.")
    for kind, given in targets.items():
        for target in given:
            for member in ("ConnectionName", "EventQueueArn", "DlqEventQueueArn"):
                if target.get(member) and kind != "JdbcTargets":
                    raise NotEmulated(f"glue-local does not emulate {member} in {kind} yet: leave it out.")
            _CHECKS[kind](target)
    if "CatalogTargets" in targets:
        _check_catalog_crawler(crawler, targets)
    elif not crawler.get("DatabaseName"):
        raise Invalid("DatabaseName cannot be null or empty for a crawler without catalog targets.")


def _check_catalog_crawler(crawler: Document, targets: Mapping[str, Any]) -> None:
    if set(targets) != {"CatalogTargets"}:
        raise Invalid("A crawler with CatalogTargets cannot have targets of another kind.")
    behavior = crawler.get("SchemaChangePolicy", {}).get("DeleteBehavior", "DEPRECATE_IN_DATABASE")
    if behavior != "LOG":
        raise Invalid(f"The DeleteBehavior of a crawler with CatalogTargets must be LOG, not {behavior}.")


def _check_s3(target: dict[str, Any]) -> None:
    _check_path("an S3 target", target.get("Path", ""))
    if not 1 <= target.get("SampleSize", 1) <= _MOST_SAMPLES:
        raise Invalid(f"SampleSize must be between 1 and {_MOST_SAMPLES}, not {target['SampleSize']}.")


def _check_jdbc(target: dict[str, Any]) -> None:
    if not target.get("ConnectionName"):
        raise Invalid("A JDBC target needs the ConnectionName of a JDBC connection.")
    if not target.get("Path"):
        raise Invalid("The Path of a JDBC target must be database/schema/table, with % for a schema or a table.")


def _check_dynamodb(target: dict[str, Any]) -> None:
    if not target.get("Path"):
        raise Invalid("The Path of a DynamoDB target must be the name of a table.")
    rate = target.get("scanRate")
    if rate is not None and not _SLOWEST <= rate <= _FASTEST:
        raise Invalid(f"scanRate must be between {_SLOWEST} and {_FASTEST}, not {rate}.")


def _check_catalog(target: dict[str, Any]) -> None:
    if not target["Tables"]:
        raise Invalid("Tables of a catalog target must name at least one table.")


def _check_delta(target: dict[str, Any]) -> None:
    _check_paths("DeltaTables of a Delta target", target.get("DeltaTables", []))
    if target.get("CreateNativeDeltaTable") and target.get("WriteManifest"):
        raise Invalid("A Delta target cannot have both CreateNativeDeltaTable and WriteManifest.")


def _check_lake(target: dict[str, Any]) -> None:
    _check_paths("Paths of an Iceberg or Hudi target", target.get("Paths", []))
    depth = target.get("MaximumTraversalDepth", 1)
    if not 1 <= depth <= _MOST_LEVELS:
        raise Invalid(f"MaximumTraversalDepth must be between 1 and {_MOST_LEVELS}, not {depth}.")


def _check_paths(what: str, paths: list[str]) -> None:
    if not paths:
        raise Invalid(f"{what} must have at least one path.")
    for path in paths:
        _check_path(what, path)


def _check_path(what: str, path: str) -> None:
    if not _S3_PATH.fullmatch(path):
        raise Invalid(f"The Path of {what} must be s3://bucket/prefix, not {path!r}.")


_CHECKS = {
    "S3Targets": _check_s3,
    "JdbcTargets": _check_jdbc,
    "DynamoDBTargets": _check_dynamodb,
    "CatalogTargets": _check_catalog,
    "DeltaTargets": _check_delta,
    "IcebergTargets": _check_lake,
    "HudiTargets": _check_lake,
}
