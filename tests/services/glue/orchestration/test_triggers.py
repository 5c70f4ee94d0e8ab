"""Triggers through Glue's API: validation, updates, listings and tags."""

from typing import Any

import pytest

ACTIONS = [{"JobName": "j"}]
WAITS = {"Conditions": [{"LogicalOperator": "EQUALS", "JobName": "other", "State": "SUCCEEDED"}]}
HOURLY = "cron(0 * * * ? *)"


@pytest.fixture
def glue(aws: Any, request: pytest.FixtureRequest) -> Any:
    """A Glue client of an unused account, with the jobs ``j`` and ``other`` and the workflow ``w``."""
    client = aws("glue", f"{abs(hash(request.node.name)) % 10**12:012d}")
    for name in ("j", "other"):
        client.create_job(Name=name, Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"})
    client.create_workflow(Name="w")
    return client


def create(glue: Any, **members: Any) -> dict[str, Any]:
    asked = {"Name": "t", "Type": "ON_DEMAND", "Actions": ACTIONS, **members}
    glue.create_trigger(**asked)
    created: dict[str, Any] = glue.get_trigger(Name=asked["Name"])["Trigger"]
    return created


def test_a_trigger_is_stored_as_requested(glue: Any) -> None:
    members = {"Description": "d", "Schedule": HOURLY, "Actions": [{"JobName": "j", "Arguments": {"--a": "1"}}]}
    trigger = create(glue, Type="SCHEDULED", WorkflowName="w", **members)
    assert trigger == {"Name": "t", "Type": "SCHEDULED", "WorkflowName": "w", "State": "CREATED", **members}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Type": "SCHEDULED"}, "Schedule cannot be null or empty"),
        ({"Type": "SCHEDULED", "Schedule": "cron(0 * * * *)"}, "cron has 6 fields"),
        ({"Type": "SCHEDULED", "Schedule": "rate(1 minute)"}, "shorter than 5 minutes"),
        ({"Schedule": HOURLY}, "Schedule is not allowed for a trigger of type ON_DEMAND"),
        ({"Type": "CONDITIONAL"}, "Predicate cannot be null or empty"),
        ({"Type": "CONDITIONAL", "Predicate": {"Conditions": []}}, "at least one condition"),
        (
            {"Type": "CONDITIONAL", "Predicate": {"Conditions": [{"JobName": "other", "State": "RUNNING"}]}},
            "State RUNNING of the condition on other is not supported",
        ),
        ({"Type": "CONDITIONAL", "Predicate": {"Conditions": [{"LogicalOperator": "EQUALS"}]}}, "needs a JobName"),
        ({"Type": "CONDITIONAL", "Predicate": {"Conditions": WAITS["Conditions"] * 2}}, "Logical is required"),
        (
            {"Type": "CONDITIONAL", "Predicate": WAITS, "Actions": [{"JobName": "other"}]},
            "Job cannot be a Predicate and Action for Conditional Trigger.",
        ),
        ({"Type": "EVENT"}, "WorkflowName is required"),
        ({"EventBatchingCondition": {"BatchSize": 1}}, "EventBatchingCondition is not allowed"),
        ({"StartOnCreation": True}, "StartOnCreation is not supported for a trigger of type ON_DEMAND"),
        ({"Actions": []}, "at least one action"),
        ({"Actions": [{"Arguments": {}}]}, "either JobName or CrawlerName"),
        ({"Actions": [{"JobName": "j", "Timeout": 10_081}]}, "Timeout must be at most 10080"),
        ({"Actions": [{"CrawlerName": name} for name in "abc"]}, "at most 2 crawlers"),
        ({"Tags": {"aws:x": "y"}}, "reserved"),
    ],
)
def test_invalid_triggers_are_refused(glue: Any, members: dict[str, Any], message: str) -> None:
    with pytest.raises(glue.exceptions.InvalidInputException, match=message):
        create(glue, **members)
    assert glue.list_triggers()["TriggerNames"] == []


@pytest.mark.parametrize("members", [{"Actions": [{"JobName": "no"}]}, {"WorkflowName": "no"}])
def test_jobs_and_workflows_must_exist(glue: Any, members: dict[str, Any]) -> None:
    with pytest.raises(glue.exceptions.EntityNotFoundException, match="no not found"):
        create(glue, **members)


def test_crawlers_in_triggers(glue: Any) -> None:
    with pytest.raises(glue.exceptions.EntityNotFoundException, match="Crawler c not found"):
        create(glue, Actions=[{"CrawlerName": "c"}])
    targets = {"S3Targets": [{"Path": "s3://lake/data/"}]}
    glue.create_crawler(Name="c", Role="r", DatabaseName="db", Targets=targets)
    assert create(glue, Actions=[{"CrawlerName": "c"}])["Actions"] == [{"CrawlerName": "c"}]
    condition = {"LogicalOperator": "EQUALS", "CrawlerName": "c"}
    for state in ("RUNNING", "ERROR"):
        predicate = {"Conditions": [{**condition, "CrawlState": state}]}
        with pytest.raises(glue.exceptions.InvalidInputException, match=f"CrawlState {state} of the condition on c"):
            create(glue, Name="then", Type="CONDITIONAL", Predicate=predicate)
    predicate = {"Conditions": [{**condition, "CrawlState": "SUCCEEDED"}]}
    assert create(glue, Name="then", Type="CONDITIONAL", Predicate=predicate)["Predicate"] == predicate
    with pytest.raises(glue.exceptions.InvalidInputException, match="Predicate and Action"):
        create(glue, Name="loop", Type="CONDITIONAL", Predicate=predicate, Actions=[{"CrawlerName": "c"}])


def test_a_workflow_has_one_start_trigger(glue: Any) -> None:
    create(glue, WorkflowName="w")
    with pytest.raises(glue.exceptions.InvalidInputException, match="Workflow w already has the start trigger t"):
        create(glue, Name="t2", Type="SCHEDULED", Schedule=HOURLY, WorkflowName="w")
    create(glue, Name="t3", Type="CONDITIONAL", Predicate=WAITS, WorkflowName="w")


def test_duplicate_and_missing_names_are_refused(glue: Any) -> None:
    create(glue)
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        create(glue)
    for call in (
        lambda: glue.get_trigger(Name="no"),
        lambda: glue.start_trigger(Name="no"),
        lambda: glue.stop_trigger(Name="no"),
        lambda: glue.update_trigger(Name="no", TriggerUpdate={}),
    ):
        with pytest.raises(glue.exceptions.EntityNotFoundException, match="Trigger no not found"):
            call()
    assert glue.delete_trigger(Name="no")["Name"] == "no"
    with pytest.raises(glue.exceptions.InvalidInputException, match="of type ON_DEMAND and cannot be stopped"):
        glue.stop_trigger(Name="t")


def test_an_update_replaces_the_whole_definition(glue: Any) -> None:
    create(glue, Type="SCHEDULED", Schedule=HOURLY, Description="d", StartOnCreation=True)
    update = {"Schedule": "rate(1 day)", "Actions": [{"JobName": "other"}]}
    updated = glue.update_trigger(Name="t", TriggerUpdate=update)["Trigger"]
    assert updated == {"Name": "t", "Type": "SCHEDULED", "State": "ACTIVATED", **update}
    assert glue.get_trigger(Name="t")["Trigger"] == updated
    with pytest.raises(glue.exceptions.InvalidInputException, match="Schedule cannot be null or empty"):
        glue.update_trigger(Name="t", TriggerUpdate={"Actions": ACTIONS})
    assert glue.get_trigger(Name="t")["Trigger"] == updated


def test_triggers_are_listed(glue: Any) -> None:
    for name in ("c", "a", "b"):
        actions = [{"JobName": "other"}] if name == "b" else ACTIONS
        create(glue, Name=name, Actions=actions, Tags={"team": "x" if name == "a" else "y"})
    first = glue.get_triggers(MaxResults=2)
    assert [trigger["Name"] for trigger in first["Triggers"]] == ["a", "b"]
    assert [one["Name"] for one in glue.get_triggers(NextToken=first["NextToken"])["Triggers"]] == ["c"]
    assert [one["Name"] for one in glue.get_triggers(DependentJobName="other")["Triggers"]] == ["b"]
    assert glue.list_triggers(DependentJobName="other")["TriggerNames"] == ["b"]
    # If no trigger starts the job, all are returned, according to the API's page.
    assert glue.list_triggers(DependentJobName="none")["TriggerNames"] == ["a", "b", "c"]
    assert glue.list_triggers(Tags={"team": "y"})["TriggerNames"] == ["b", "c"]
    found = glue.batch_get_triggers(TriggerNames=["a", "z"])
    assert ([one["Name"] for one in found["Triggers"]], found["TriggersNotFound"]) == (["a"], ["z"])
    with pytest.raises(glue.exceptions.InvalidInputException):
        glue.get_triggers(NextToken="x")


def test_triggers_and_workflows_have_tags(glue: Any) -> None:
    create(glue, Tags={"a": "1"})
    account = glue._request_signer._credentials.access_key
    for kind, name, expected in [("trigger", "t", {"a": "1", "b": "2"}), ("workflow", "w", {"b": "2"})]:
        arn = f"arn:aws:glue:us-east-1:{account}:{kind}/{name}"
        glue.tag_resource(ResourceArn=arn, TagsToAdd={"b": "2"})
        assert glue.get_tags(ResourceArn=arn)["Tags"] == expected
    glue.delete_trigger(Name="t")
    create(glue)
    assert glue.get_tags(ResourceArn=f"arn:aws:glue:us-east-1:{account}:trigger/t")["Tags"] == {}
