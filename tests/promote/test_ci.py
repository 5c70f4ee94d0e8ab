"""The CI recipe in docs/ci: minimal permissions for plan and apply, and workflows with valid commands."""

import json
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from botocore.client import BaseClient
from typer.testing import Result

from glue_local.cli import COMMANDS, load
from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import KINDS, Account
from tests.promote.actions import actions
from tests.promote.conftest import ROOT, edit

Cli = Callable[..., Result]
CI = ROOT / "docs" / "ci"
UsageError: Any = typer.BadParameter.__base__
PROVIDER = "token.actions.githubusercontent.com"
_call = BaseClient._make_api_call  # type: ignore[attr-defined]


@contextmanager
def recorded(into: set[str]) -> Iterator[None]:
    """Record the actions of all calls."""

    def noting(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
        into.update(actions(client.meta.service_model.service_name, operation, parameters))
        return _call(client, operation, parameters)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseClient, "_make_api_call", noting)
        yield


def statements(name: str) -> list[dict[str, Any]]:
    return list(json.loads((CI / f"{name}.json").read_text())["Statement"])


def allowed(name: str) -> set[str]:
    listed = [action for each in statements(name) for action in each["Action"]]
    assert not [action for action in listed if "*" in action]
    return set(listed)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def without_everything(folder: Path) -> None:
    """Remove everything but buckets from the project."""
    text = (folder / "glue-local.yaml").read_text()
    kept = text[: text.index("scripts:\n")] + text[text.index("stages:\n") :]
    for line in ("    schedules: off\n", "    jobs: {j: {WorkerType: G.2X, DefaultArguments: {--level: info}}}\n"):
        assert line in kept
        kept = kept.replace(line, "")
    (folder / "glue-local.yaml").write_text(kept)


def changed(folder: Path) -> None:
    """Change resources of every kind, so that every updating call is made."""
    edit(folder, "Timeout: 60", "Timeout: 90")
    edit(folder, "Description: first", "Description: second")
    edit(folder, "classification: json", "classification: csv")
    edit(folder, "shards: 2", "shards: 3")
    edit(folder, "Prefix: raw/", "Prefix: raw2/")
    edit(folder, "team: roads", "team: others")
    edit(folder, "--in", "--input", "m.asl.json")
    edit(folder, "cron(0 3", "cron(0 4")
    edit(folder, "cron(15 2", "cron(15 3")
    edit(folder, "State: DISABLED", "State: ENABLED")
    edit(folder, "Id: machine", "Id: other")
    edit(folder, '5 * * ? *)", WorkflowName: w, StartOnCreation: true', '6 * * ? *)", WorkflowName: w')
    edit(folder, "MaxConcurrentRuns: 1", "MaxConcurrentRuns: 2")
    edit(folder, "s3:GetObject", "s3:PutObject")
    edit(
        folder,
        "{RoleName: r, Assume",
        '{RoleName: r, Description: d, PermissionsBoundary: "arn:aws:iam::aws:policy/b", Assume',
    )
    edit(folder, "job.commit()", "job.commit()  # again", "a.py")


def done(result: Result, code: int = 0) -> None:
    assert result.exit_code == code, result.output


def calls(cli: Cli, folder: Path, tested: Any, there: Account, tmp_path: Path) -> tuple[set[str], set[str]]:
    """Return the actions of all plans and of all applied changes of a project that exercises everything."""
    plans, applied = set[str](), set[str]()
    plan = tmp_path / "plan.json"
    tested()
    with recorded(plans):
        done(cli("plan", "prod", "--out", str(plan)), 2)
    with recorded(applied):
        done(cli("apply", str(plan), "--profile", "prod"))
    changed(folder)
    tested()
    with recorded(plans):
        done(cli("plan", "prod", "--diff", "--out", str(plan)), 2)
        done(cli("drift", "prod"))
    with recorded(applied):
        done(cli("apply", str(plan), "--profile", "prod"))
    there.clients("glue").stop_crawler_schedule(CrawlerName="c")
    with recorded(applied):
        edit(folder, "ShardCount: ${shards}", "StreamModeDetails: {StreamMode: ON_DEMAND}")
        done(cli("promote", "prod", "--yes"))
        done(cli("rollback", "prod", "--yes"))
        done(cli("rollback", "prod", "--yes"))
    text = (folder / "glue-local.yaml").read_text()
    edit(folder, "    schedules: off", "    schedules: off\n    roles: {r: 'arn:aws:iam::123456789012:role/r'}")
    with recorded(plans):
        cli("plan", "prod", "--prune")
    (folder / "glue-local.yaml").write_text(text)
    without_everything(folder)
    with recorded(plans):
        done(cli("plan", "prod", "--prune"), 2)
    with recorded(applied):
        done(cli("promote", "prod", "--prune", "--yes"))
    return plans, applied


def test_permissions_equal_the_actions_of_plan_and_apply(
    cli: Cli, folder: Path, tested: Any, there: Account, tmp_path: Path
) -> None:
    plans, applied = calls(cli, folder, tested, there, tmp_path)
    assert allowed("plan-permissions") == plans
    # Applying includes planning.
    assert allowed("apply-permissions") == applied | plans


def test_plan_permissions_are_read_only() -> None:
    reading = ("Get", "List", "Describe", "Simulate", "Validate")
    assert [each for each in allowed("plan-permissions") if not each.partition(":")[2].startswith(reading)] == []


# The ARN of each kind's resources, and the action that creates them.
ARNS = {
    "buckets": ("s3:CreateBucket", "arn:aws:s3:::{name}"),
    "scripts": ("s3:PutObject", "arn:aws:s3:::{Bucket}/{Key}"),
    "roles": ("iam:CreateRole", "arn:aws:iam::{account}:role/{name}"),
    "role_policies": ("iam:PutRolePolicy", "arn:aws:iam::{account}:role/{RoleName}"),
    "streams": ("kinesis:CreateStream", "arn:aws:kinesis:{region}:{account}:stream/{name}"),
    "databases": ("glue:CreateDatabase", "arn:aws:glue:{region}:{account}:database/{name}"),
    "tables": ("glue:CreateTable", "arn:aws:glue:{region}:{account}:table/{DatabaseName}/{table}"),
    "delivery_streams": ("firehose:CreateDeliveryStream", "arn:aws:firehose:{region}:{account}:deliverystream/{name}"),
    "jobs": ("glue:CreateJob", "arn:aws:glue:{region}:{account}:job/{name}"),
    "bucket_notifications": ("s3:PutBucketNotification", "arn:aws:s3:::{name}"),
    "crawlers": ("glue:CreateCrawler", "arn:aws:glue:{region}:{account}:crawler/{name}"),
    "rules": ("events:PutRule", "arn:aws:events:{region}:{account}:rule/{name}"),
    "rule_targets": ("events:PutTargets", "arn:aws:events:{region}:{account}:rule/{name}"),
    "workflows": ("glue:CreateWorkflow", "arn:aws:glue:{region}:{account}:workflow/{name}"),
    "triggers": ("glue:CreateTrigger", "arn:aws:glue:{region}:{account}:trigger/{name}"),
    "state_machines": ("states:CreateStateMachine", "arn:aws:states:{region}:{account}:stateMachine:{name}"),
    "schedule_groups": ("scheduler:CreateScheduleGroup", "arn:aws:scheduler:{region}:{account}:schedule-group/{name}"),
    "schedules": ("scheduler:CreateSchedule", "arn:aws:scheduler:{region}:{account}:schedule/{GroupName}/{name}"),
}


def test_permissions_cover_the_example_but_not_everything() -> None:
    wanted = staged(ROOT / "glue-local.yaml", "prod")
    assert set(ARNS) == set(KINDS)
    for each in wanted.resources:
        action, pattern = ARNS[each.kind]
        names = {key: value for key, value in each.request.items() if isinstance(value, str)}
        table = each.request.get("TableInput", {}).get("Name")
        place = {"account": wanted.stage.account, "region": wanted.stage.region, "name": each.name, "table": table}
        arn = pattern.format(**{**names, **place})
        patterns = [
            to for one in statements("apply-permissions") if action in one["Action"] for to in as_list(one["Resource"])
        ]
        assert any(fnmatchcase(arn, to) for to in patterns), (arn, patterns)
        assert "*" not in patterns
    everywhere = [one["Action"] for one in statements("apply-permissions") if one["Resource"] == "*"]
    assert everywhere == [["states:ValidateStateMachineDefinition"]], "which has no resource"
    [passing] = [one for one in statements("apply-permissions") if one["Action"] == ["iam:PassRole"]]
    assert "iam:PassedToService" in passing["Condition"]["StringEquals"]


@pytest.mark.parametrize(
    ("name", "event", "sub"),
    [("plan", "pull_request", "pull_request"), ("apply", "push", "ref:refs/heads/main")],
)
def test_roles_trust_one_repository_and_event(name: str, event: str, sub: str) -> None:
    [trust] = statements(f"{name}-trust")
    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trust["Principal"] == {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{PROVIDER}"}
    message = {f"{PROVIDER}:aud": "sts.amazonaws.com", f"{PROVIDER}:sub": f"repo:example/traffic:{sub}"}
    assert trust["Condition"] == {"StringEquals": message}
    workflow = yaml.load((CI / f"{name}.yml").read_text(), yaml.BaseLoader)
    assert workflow["on"] == {event: {"branches": ["main"]}}
    assert workflow["permissions"] == {"id-token": "write", "contents": "read"}
    # With an environment, sub would contain it instead of the branch.
    assert "environment" not in workflow["jobs"][name]
    [assumed] = [step["with"] for step in workflow["jobs"][name]["steps"] if "role-to-assume" in step.get("with", {})]
    stage = staged(ROOT / "glue-local.yaml", "prod").stage
    assert assumed == {
        "role-to-assume": f"arn:aws:iam::{stage.account}:role/ci-traffic-{name}",
        "aws-region": stage.region,
    }


def lines(name: str) -> list[str]:
    [job] = yaml.safe_load((CI / f"{name}.yml").read_text())["jobs"].values()
    return [line for step in job["steps"] for line in step.get("run", "").splitlines()]


def parse(words: list[str]) -> str:
    """Parse a command line without running it; raises UsageError if it is invalid."""
    name, *words = words
    assert name in COMMANDS, name
    command = load(name)
    while hasattr(command, "commands"):
        name, *words = words
        assert name in command.commands, name
        command = command.commands[name]
    command.make_context(name, words)
    return name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plan", ["up", "provision", "generate", "execute", "plan"]),
        ("apply", ["up", "provision", "generate", "execute", "plan", "apply", "drift"]),
    ],
)
def test_workflows_use_valid_commands(name: str, expected: list[str]) -> None:
    called = []
    for line in lines(name):
        command = re.split(r" (?:\|\||>|>>) ", line)[0]
        words = shlex.split(command, comments=True)
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
        elif words[0].endswith("glue-local"):
            called.append(parse(words[1:]))
        else:
            assert words[0] in ("sleep", "cat"), words
    assert called == expected
    for wrong in (["plan", "prod", "--no-such-option"], ["plan"], ["feed", "generate", "--minutes", "0"]):
        with pytest.raises(UsageError):
            parse(wrong)


def test_credentials_are_assumed_after_the_local_runs() -> None:
    for name in ("plan", "apply"):
        [job] = yaml.safe_load((CI / f"{name}.yml").read_text())["jobs"].values()
        reported = [
            "credentials" if "role-to-assume" in each.get("with", {}) else str(each.get("run", ""))
            for each in job["steps"]
        ]
        at = reported.index("credentials")
        assert any("glue-local execute" in each for each in reported[:at])
        assert [each for each in reported[:at] if " prod " in each] == []
        assert all("--no-profile" in each for each in reported[at + 1 :] if " prod " in each)


def test_the_documentation_mentions_every_file_of_the_recipe() -> None:
    text = (ROOT / "docs" / "promote-ci.md").read_text()
    assert [each.name for each in sorted(CI.iterdir()) if f"ci/{each.name}" not in text] == []


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))], ids=lambda page: page.name
)
def test_commands_in_the_documentation_are_valid(page: Path) -> None:
    """Every ``glue-local …`` line of a page's code blocks parses."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    for line in (each for each in lines if each.startswith("glue-local ") and "·" not in each):
        if line.startswith("glue-local is"):
            continue
        parse(shlex.split(re.split(r" [<>] ", line)[0], comments=True)[1:])
