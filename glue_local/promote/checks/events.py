"""Rules for schedules, EventBridge rules and crawlers: what AWS refuses, or accepts and never delivers to."""

import json
from collections.abc import Iterator
from typing import Any

from glue_local.promote.checks.finding import Finding
from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.event_patterns import bucket_names, member
from glue_local.promote.definition.overlay import Staged


def roles_trust_the_service(wanted: Staged) -> Iterator[Finding]:
    """The role of a schedule, a rule's target or a crawler trusts the service that assumes it."""
    roles = {each.name: each for each in wanted.resources if each.kind == "roles"}
    for resource, service, given in _roles(wanted):
        role = roles.get(given.rpartition("/")[2])
        if role and service not in _trusted(json.loads(role.request["AssumeRolePolicyDocument"])):
            yield Finding(
                resource.place,
                f"{resource.singular} {resource.name}: its role {role.name} does not trust {service}: add it to"
                " AssumeRolePolicyDocument",
            )


def _roles(wanted: Staged) -> Iterator[tuple[Resource, str, str]]:
    for each in wanted.resources:
        if each.kind == "schedules":
            yield each, "scheduler.amazonaws.com", each.request["Target"]["RoleArn"]
        if each.kind == "crawlers":
            yield each, "glue.amazonaws.com", each.request["Role"]
        if each.kind == "rule_targets":
            for target in each.request["Targets"]:
                if "RoleArn" in target:
                    yield each, "events.amazonaws.com", target["RoleArn"]


def _trusted(document: Any) -> set[str]:
    statements = document.get("Statement", [])
    found: set[str] = set()
    for statement in statements if isinstance(statements, list) else [statements]:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        found |= {services} if isinstance(services, str) else set(services)
    return found


def rules_have_a_pattern_or_schedule(wanted: Staged) -> Iterator[Finding]:
    """A rule has EventPattern or ScheduleExpression; EventBridge refuses one without."""
    for rule in (each for each in wanted.resources if each.kind == "rules"):
        if not {"EventPattern", "ScheduleExpression"} & set(rule.request):
            yield Finding(rule.place, f"rule {rule.name} has neither EventPattern nor ScheduleExpression: add one")


def buckets_send_their_events(wanted: Staged) -> Iterator[Finding]:
    """A bucket of the project that a rule for S3's events names sends its events to EventBridge."""
    buckets = {each.name for each in wanted.resources if each.kind == "buckets"}
    sending = {
        each.name
        for each in wanted.resources
        if each.kind == "bucket_notifications"
        and "EventBridgeConfiguration" in each.request["NotificationConfiguration"]
    }
    for rule in (each for each in wanted.resources if each.kind == "rules"):
        pattern = json.loads(rule.request.get("EventPattern", "{}"))
        if "aws.s3" not in (member(pattern, "source") or []):
            continue
        for name in bucket_names(pattern):
            if isinstance(name, str) and name in buckets - sending:
                yield Finding(
                    rule.place,
                    f"rule {rule.name} waits for events of the bucket {name}, which sends none: add it to"
                    " bucket_notifications: with EventBridgeConfiguration",
                )


def notified_buckets_are_ours(wanted: Staged) -> Iterator[Finding]:
    """The notifications of an existing bucket are not changed."""
    existing = {each.name for each in wanted.used if each.kind == "buckets"}
    for each in wanted.resources:
        if each.kind == "bucket_notifications" and each.name in existing:
            yield Finding(
                each.place,
                f"bucket_notifications {each.name}: the bucket is listed under existing:, so its notifications are not"
                " changed: list them under existing: too",
            )


def notified_workflows_have_an_event_trigger(wanted: Staged) -> Iterator[Finding]:
    """A workflow of the project that a rule starts has a start trigger of type EVENT; otherwise nothing starts."""
    workflows = {each.name for each in wanted.resources if each.kind == "workflows"}
    started = {
        each.request.get("WorkflowName")
        for each in wanted.resources
        if each.kind == "triggers" and each.request["Type"] == "EVENT"
    }
    for each in (one for one in wanted.resources if one.kind == "rule_targets"):
        for target in each.request["Targets"]:
            _, found, name = target["Arn"].partition(":workflow/")
            if found and name in workflows - started:
                yield Finding(
                    each.place,
                    f"rule {each.name} starts the workflow {name}, which has no trigger of type EVENT: add one",
                )


def crawlers_have_targets(wanted: Staged) -> Iterator[Finding]:
    """A crawler has a target, and one of new folders only leaves existing tables as they are."""
    for crawler in (each for each in wanted.resources if each.kind == "crawlers"):
        if not any(crawler.request["Targets"].values()):
            yield Finding(crawler.place, f"crawler {crawler.name} has no target: add one to Targets")
        policy = crawler.request.get("SchemaChangePolicy", {})
        behaviors = {policy.get("UpdateBehavior"), policy.get("DeleteBehavior")}
        new_only = crawler.request.get("RecrawlPolicy", {}).get("RecrawlBehavior") == "CRAWL_NEW_FOLDERS_ONLY"
        if new_only and behaviors != {"LOG"}:
            yield Finding(
                crawler.place,
                f"crawler {crawler.name}: CRAWL_NEW_FOLDERS_ONLY needs LOG for both behaviors of SchemaChangePolicy",
            )
