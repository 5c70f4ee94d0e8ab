"""Workflows through Glue's API; tests/orchestrate tests their runs."""

from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def glue(aws: Any, request: pytest.FixtureRequest) -> Any:
    """A Glue client of an unused account."""
    return aws("glue", f"{abs(hash(request.node.name)) % 10**12:012d}")


def test_a_workflow_is_created_updated_and_deleted(glue: Any) -> None:
    assert glue.create_workflow(Name="w", Description="d", DefaultRunProperties={"a": "1"})["Name"] == "w"
    glue.update_workflow(Name="w", MaxConcurrentRuns=2)
    workflow = glue.get_workflow(Name="w")["Workflow"]
    assert workflow["LastModifiedOn"] >= workflow["CreatedOn"]
    members = {name: workflow[name] for name in workflow if not name.endswith("On")}
    assert members == {"Name": "w", "Description": "d", "DefaultRunProperties": {"a": "1"}, "MaxConcurrentRuns": 2}
    assert glue.get_workflow(Name="w", IncludeGraph=True)["Workflow"]["Graph"] == {"Nodes": [], "Edges": []}
    for _ in range(2):
        assert glue.delete_workflow(Name="w")["Name"] == "w"
    assert glue.list_workflows()["Workflows"] == []


def test_invalid_requests_are_refused(glue: Any) -> None:
    glue.create_workflow(Name="w")
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_workflow(Name="w")
    with pytest.raises(glue.exceptions.InvalidInputException, match="MaxConcurrentRuns must be at least 1"):
        glue.create_workflow(Name="x", MaxConcurrentRuns=0)
    with pytest.raises(glue.exceptions.InvalidInputException, match="Workflow w has no start trigger"):
        glue.start_workflow_run(Name="w")
    for call in (
        lambda: glue.get_workflow(Name="no"),
        lambda: glue.update_workflow(Name="no"),
        lambda: glue.start_workflow_run(Name="no"),
        lambda: glue.get_workflow_runs(Name="no"),
        lambda: glue.get_workflow_run(Name="w", RunId="no"),
        lambda: glue.stop_workflow_run(Name="w", RunId="no"),
        lambda: glue.resume_workflow_run(Name="w", RunId="no", NodeIds=["x"]),
        lambda: glue.get_workflow_run_properties(Name="w", RunId="no"),
        lambda: glue.put_workflow_run_properties(Name="w", RunId="no", RunProperties={}),
    ):
        with pytest.raises(glue.exceptions.EntityNotFoundException, match="no not found"):
            call()


def test_workflows_are_listed_in_pages(glue: Any) -> None:
    for name in ("c", "a", "b"):
        glue.create_workflow(Name=name)
    first = glue.list_workflows(MaxResults=2)
    assert first["Workflows"] == ["a", "b"]
    assert glue.list_workflows(NextToken=first["NextToken"])["Workflows"] == ["c"]


def test_blueprints_are_refused_by_name(glue: Any) -> None:
    with pytest.raises(ClientError, match="glue:CreateBlueprint") as refusal:
        glue.create_blueprint(Name="b", BlueprintLocation="s3://b/layout.zip")
    assert refusal.value.response["Error"]["Code"] == "NotEmulatedByGlueLocalException"
