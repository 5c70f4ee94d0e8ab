"""EventBridge rules, their targets and S3's notifications: drift, updates, rollback and deletion."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from glue_local.promote.apply.records import Records
from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import KINDS, Account, Failed
from glue_local.promote.plan.plan import CREATE, Wanted, make_plan
from tests.promote.conftest import ROOT, edit
from tests.promote.plan.test_differences import changes, drift, planned, promote

OTHER = {"Id": "other", "Arn": "arn:aws:sqs:eu-west-1:123456789012:q"}


def targets(account: Account) -> list[str]:
    return [target["Id"] for target in account.clients("events").list_targets_by_rule(Rule="arrived")["Targets"]]


def notifications(account: Account) -> dict[str, Any]:
    found = account.clients("s3").get_bucket_notification_configuration(Bucket="acme-data")
    return {name: value for name, value in found.items() if name != "ResponseMetadata"}


def test_changes_in_the_console_are_drift_and_are_reverted(folder: Path, there: Account) -> None:
    promote(folder, there)
    events = there.clients("events")
    events.enable_rule(Name="arrived")
    events.put_targets(Rule="arrived", Targets=[OTHER])
    there.clients("s3").put_bucket_notification_configuration(Bucket="acme-data", NotificationConfiguration={})
    found = {f"{each['kind']}/{each['name']}": each for each in drift(folder, there)}
    assert found["rules/arrived"]["changes"] == [{"path": ("State",), "was": "DISABLED", "is": "ENABLED"}]
    assert [each["path"] for each in found["rule_targets/arrived"]["changes"]] == [("Targets",)]
    assert found["bucket_notifications/acme-data"]["what"] == "no longer exists"
    assert len(found) == 3
    promote(folder, there)
    assert (events.describe_rule(Name="arrived")["State"], targets(there)) == ("DISABLED", ["machine"])
    assert notifications(there) == {"EventBridgeConfiguration": {}}
    assert drift(folder, there) == []


def test_a_rollback_restores_a_rule_and_its_targets(folder: Path, cli: Callable[..., Result], tested: Any, there: Account) -> None:  # fmt: skip
    tested()
    assert cli("promote", "prod", "--yes").exit_code == 0
    edit(folder, "Id: machine", "Id: another")
    edit(folder, "prefix: landing/", "prefix: arrived/")
    done = cli("promote", "prod", "--yes")
    assert (done.exit_code, targets(there)) == (0, ["another"]), done.output
    assert "arrived/" in there.clients("events").describe_rule(Name="arrived")["EventPattern"]
    assert cli("rollback", "prod", "--yes").exit_code == 0
    assert targets(there) == ["machine"]
    assert "landing/" in there.clients("events").describe_rule(Name="arrived")["EventPattern"]


def test_a_stage_overrides_a_rule(folder: Path, there: Account) -> None:
    promote(folder, there)
    edit(folder, "    schedules: off", "    schedules: off\n    rules: {arrived: {State: ENABLED}}")
    plan, _ = planned(folder, there)
    assert changes(plan) == {"rules/arrived State": ("DISABLED", "ENABLED")}


def test_pruning_deletes_a_rule_with_only_our_targets(
    folder: Path, cli: Callable[..., Result], tested: Any, there: Account
) -> None:
    tested()
    assert cli("promote", "prod", "--yes").exit_code == 0
    text = (folder / "glue-local.yaml").read_text()
    (folder / "glue-local.yaml").write_text(text[: text.index("rules:\n")] + text[text.index("state_machines:") :])
    there.clients("events").put_targets(Rule="arrived", Targets=[OTHER])
    done = cli("promote", "prod", "--yes", "--prune")
    assert (done.exit_code, targets(there)) == (0, ["other"]), done.output
    assert "kept because it contains rule_targets/arrived" in done.output
    there.clients("events").remove_targets(Rule="arrived", Ids=["other"])
    assert cli("promote", "prod", "--yes", "--prune").exit_code == 0
    assert there.clients("events").list_rules()["Rules"] == []


def test_refused_targets_fail_with_the_reason() -> None:
    class Events:
        def put_targets(self, **request: Any) -> dict[str, Any]:
            return {"FailedEntries": [{"TargetId": "1", "ErrorCode": "Limit", "ErrorMessage": "too many"}]}

    account = Account(lambda service: Events(), "eu-west-1", "123456789012")
    with pytest.raises(Failed, match="EventBridge refused the targets of rule r: 1: Limit: too many"):
        KINDS["rule_targets"].create(account, {"Rule": "r", "Targets": [{"Id": "1", "Arn": "a"}]})


def test_notifications_of_others_are_kept(there: Account) -> None:
    """PutBucketNotificationConfiguration replaces everything, so others' entries are written again."""
    held: dict[str, Any] = {"QueueConfigurations": [{"QueueArn": "q", "Events": ["s3:ObjectCreated:*"]}]}

    class S3:
        def get_bucket_notification_configuration(self, Bucket: str) -> dict[str, Any]:
            return {**held, "ResponseMetadata": {}}

        def put_bucket_notification_configuration(self, Bucket: str, NotificationConfiguration: Any) -> None:
            held.clear()
            held.update(NotificationConfiguration)

    account = Account(lambda service: S3(), "eu-west-1", "123456789012")
    kind = KINDS["bucket_notifications"]
    request = {"Bucket": "b", "NotificationConfiguration": {"EventBridgeConfiguration": {}}}
    assert kind.read(account, request) is None
    kind.create(account, request)
    assert set(held) == {"QueueConfigurations", "EventBridgeConfiguration"}
    assert kind.delete
    kind.delete(account, request)
    assert set(held) == {"QueueConfigurations"}


def test_a_promotion_plans_the_examples_schedule_and_event_started_twin(there: Account) -> None:
    wanted = staged(ROOT / "glue-local.yaml", "prod")
    records = Records(there, wanted.bucket, wanted.prefix)
    plan = make_plan(there, Wanted(wanted.project, "prod", wanted.resources, wanted.used, wanted.tags), records)
    steps = {step.resource.key: step for step in plan.steps}
    names = ["traffic_arrived", "traffic_points_loaded", "traffic_repartitioned", "traffic_aggregated"]
    expected = [
        "bucket_notifications/example-traffic-raw",
        "roles/traffic-events",
        "role_policies/traffic-events.traffic-hourly",
        "role_policies/traffic-events.traffic-arrivals",
        "workflows/traffic_arrivals",
        *(f"triggers/{name}" for name in names),
        "rules/traffic-arrivals",
        "rule_targets/traffic-arrivals",
        "schedules/traffic-hourly",
    ]
    assert {steps[key].action for key in expected} == {CREATE}
    assert steps["schedules/traffic-hourly"].resource.request["State"] == "ENABLED"
    rule = steps["rules/traffic-arrivals"].resource.request
    assert (rule["State"], "example-traffic-raw" in rule["EventPattern"]) == ("DISABLED", True)
    [target] = steps["rule_targets/traffic-arrivals"].resource.request["Targets"]
    assert target["Arn"] == "arn:aws:glue:eu-west-1:111122223333:workflow/traffic_arrivals"
