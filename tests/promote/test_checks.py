"""Each preflight rule, with definitions that pass and definitions that fail."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.promote.checks import RULES, Rule, events, jobs, machines, preflight, roles, scripts
from glue_local.promote.checks.packages import shipped
from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import Account
from tests.promote.conftest import MACHINE, edit

ROOT = Path(__file__).parent.parent.parent
YAML, SCRIPT, STATES = "glue-local.yaml", "a.py", "m.asl.json"
Edit = tuple[str, str, str]

SHELL = (
    'GlueVersion: "5.0"\n    WorkerType: G.1X\n    NumberOfWorkers: 2\n    Timeout: 60\n    MaxRetries: 0\n'
    '    Command: {Name: glueetl, PythonVersion: "3",'
)
AS_SHELL: list[Edit] = [
    (YAML, SHELL, 'MaxCapacity: 0.0625\n    Command: {Name: pythonshell, PythonVersion: "3.9",'),
    (YAML, ", --job-bookmark-option: job-bookmark-enable", ""),
    (YAML, "jobs: {j: {WorkerType: G.2X, DefaultArguments", "jobs: {j: {DefaultArguments"),
]


def state(**members: Any) -> list[Edit]:
    """Return the edit that changes members of the machine's only state; None removes a member."""
    changed = {key: value for key, value in {**MACHINE["States"]["Run"], **members}.items() if value is not None}  # type: ignore[index]
    return [(STATES, json.dumps(MACHINE, indent=2), json.dumps({"StartAt": "Run", "States": {"Run": changed}}))]


def policy_of(size: int, space: str = "") -> str:
    """Return a policy of the role r with ``size`` characters, not counting white space."""
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ""}]}
    document["Statement"][0]["Resource"] = "x" * (size - len("".join(json.dumps(document).split()))) + space  # type: ignore[index]
    return json.dumps({"RoleName": "r", "PolicyName": f"p{size}", "PolicyDocument": document})


BRANCH = {"StartAt": "In", "States": {"In": {"Type": "Pass", "Next": "Out"}}}

FAILING: list[tuple[Rule, list[Edit], str]] = [
    (machines.definitions_are_valid, state(End=None), "state Run needs either Next or End: true"),
    (machines.definitions_are_valid, state(End=None, Next="Gone"), "state Run leads to Gone, which is not a state of the same machine"),
    (machines.definitions_are_valid, state(Type="Tsk"), "state Run has the unknown type Tsk: use one of Task,"),
    (machines.definitions_are_valid, state(Resource=None), "state Run is a Task without Resource"),
    (machines.definitions_are_valid, state(Type="Wait", Seconds=1, Timestamp="x"), "Wait and needs exactly one of"),
    (machines.definitions_are_valid, state(Type="Parallel", Branches=[BRANCH]), "state Run: state In leads to Out"),
    (machines.definitions_are_valid, state(Type="Map"), "state Run is a Map without ItemProcessor"),
    (machines.definitions_are_valid, [(STATES, '"StartAt": "Run"', '"StartAt": "Rn"')], "m: StartAt is Rn, which is not one of its states"),
    (machines.definitions_are_valid, [(STATES, '"StartAt": "Run"', '"StartAt": "Rn"')], "state Run is unreachable"),
    (machines.started_jobs_exist, state(Parameters={"Arguments": {}}), "state Run starts a job but has no JobName"),
    (machines.started_crawlers_exist, state(Resource="arn:aws:states:::aws-sdk:glue:startCrawler", Parameters={"Name": "x"}), "state Run starts x, which is not a crawler"),
    (events.roles_trust_the_service, [(YAML, ", scheduler.amazonaws.com", "")], "schedule nightly: its role r does not trust scheduler.amazonaws.com"),
    (events.roles_trust_the_service, [(YAML, ", events.amazonaws.com", "")], "rule target arrived: its role r does not trust events.amazonaws.com"),
    (events.roles_trust_the_service, [(YAML, "[glue.amazonaws.com, ", "[")], "crawler c: its role r does not trust glue.amazonaws.com"),
    (events.rules_have_a_pattern_or_schedule, [(YAML, "rule_targets:", "  - Name: none\nrule_targets:")], "rule none has neither"),
    (events.buckets_send_their_events, [(YAML, "{EventBridgeConfiguration: {}}", "{}")], "rule arrived waits for events of the bucket acme-data"),
    (events.notified_buckets_are_ours, [(YAML, "    schedules: off", "    existing: {buckets: [data]}")], "bucket_notifications acme-data: the bucket is listed"),
    (
        events.notified_workflows_have_an_event_trigger,
        [(YAML, "states:${AWS::Region}:${AWS::AccountId}:stateMachine:m\", RoleArn: \"arn:aws:iam::${AWS::AccountId}:role/r\", Input", "glue:${AWS::Region}:${AWS::AccountId}:workflow/w\", RoleArn: \"arn:aws:iam::${AWS::AccountId}:role/r\", Input")],
        "rule arrived starts the workflow w, which has no trigger of type EVENT",
    ),
    (events.crawlers_have_targets, [(YAML, '[{Path: s3://data/landing/, Exclusions: ["**.tmp"]}]', "[]")], "crawler c has no target"),
    (events.crawlers_have_targets, [(YAML, "{Name: c, ", "{Name: c, RecrawlPolicy: {RecrawlBehavior: CRAWL_NEW_FOLDERS_ONLY}, ")], "needs LOG for both"),
    (machines.no_reserved_arguments, state(Parameters={"JobName": "j", "Arguments": {"--JOB_NAME.$": "$.x"}}), "--JOB_NAME, which is reserved by AWS"),
    (machines.no_reserved_arguments, state(Parameters={"JobName": "j", "Arguments": {"--glue-local-debug-port": "1"}}), "exists only in glue-local"),
    (jobs.versions_are_supported, [(YAML, 'GlueVersion: "5.0"', 'GlueVersion: "7.0"')], "has the unsupported GlueVersion 7.0: use one of 2.0,"),
    (jobs.versions_are_supported, [(YAML, '    GlueVersion: "5.0"\n', "")], "has no GlueVersion, and AWS's default changes"),
    (jobs.versions_are_supported, [*AS_SHELL, (YAML, 'PythonVersion: "3.9"', 'PythonVersion: "3"')], "needs PythonVersion: '3.9'"),
    (jobs.capacity_matches_the_command, [(YAML, "    Timeout: 60", "    MaxCapacity: 4.0\n    Timeout: 60")], "AWS accepts one or"),
    (jobs.capacity_matches_the_command, [(YAML, "    NumberOfWorkers: 2\n", "")], "has only WorkerType"),
    (jobs.capacity_matches_the_command, [(YAML, "NumberOfWorkers: 2", "NumberOfWorkers: 1")], "has 1 worker: a Spark job needs at least 2"),
    (jobs.capacity_matches_the_command, [*AS_SHELL, (YAML, "0.0625", "2.0")], "MaxCapacity of a Python shell job must be 0.0625 or 1, not 2.0"),
    (jobs.capacity_matches_the_command, [*AS_SHELL, (YAML, "MaxCapacity: 0.0625", "WorkerType: G.1X")], "which cannot have WorkerType"),
    (jobs.worker_types_match_the_version, [(YAML, "G.2X,", "G.3X,")], "unknown worker type G.3X: use one of G.025X"),
    (jobs.worker_types_match_the_version, [(YAML, "G.2X,", "G.025X,")], "G.025X is for streaming jobs only"),
    (
        jobs.worker_types_match_the_version,
        [(YAML, "G.2X,", "R.2X,"), (YAML, 'GlueVersion: "5.0"', 'GlueVersion: "3.0"')],
        "R.2X needs Glue 4.0, but GlueVersion is 3.0",
    ),
    (
        jobs.flex_is_supported,
        [(YAML, "{WorkerType: G.2X,", "{WorkerType: G.4X, ExecutionClass: FLEX,")],
        "ExecutionClass FLEX is for glueetl on G.1X or G.2X",
    ),
    (
        jobs.flex_is_supported,
        [(YAML, "{WorkerType: G.2X,", "{WorkerType: G.2X, ExecutionClass: FLEX,"), (YAML, 'GlueVersion: "5.0"', 'GlueVersion: "2.0"')],
        "ExecutionClass FLEX needs Glue 3.0, but GlueVersion is 2.0",
    ),
    (
        jobs.flex_is_supported,
        [(YAML, "{WorkerType: G.2X,", "{WorkerType: G.2X, ExecutionClass: FLEX,"), (YAML, "{Name: glueetl,", "{Name: gluestreaming,")],
        "ExecutionClass FLEX is for glueetl",
    ),
    (
        roles.inline_policies_fit,
        [(YAML, "role_policies: [", f"role_policies: [{policy_of(5000)}, {policy_of(5200)}, ")],
        "role r: its inline policies have 10,3",
    ),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job.commit()", "connection.commit()")], "its script never calls job.commit()"),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job.commit()", "def end(it, on):\n    on.commit()\nend(job, 1)")], "its script never calls job.commit()"),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job.commit()", "other = 1\nother.commit()\nJob.commit")], "its script never calls job.commit()"),
    (jobs.limits_are_respected, [(YAML, "Timeout: 60", "Timeout: 10081")], "Timeout must be 1 to 10080 minutes, not 10081"),
    (jobs.limits_are_respected, [(YAML, "MaxRetries: 0", "MaxRetries: 11")], "MaxRetries must be 0 to 10, not 11"),
    (jobs.no_reserved_arguments, [(YAML, "--level: info", "--JOB_NAME: x")], "the argument --JOB_NAME is reserved by AWS"),
    (jobs.no_reserved_arguments, [(YAML, "--level: info", "--glue-local-debug-port: '1'")], "exists only in glue-local"),
    (jobs.arguments_match_the_command, [*AS_SHELL, (YAML, "--level: info", "--extra-files: x")], "do not support --extra-files"),
    (
        jobs.arguments_match_the_command,
        [(YAML, "job-bookmark-option: job-bookmark-enable", "job-bookmark-option: enable")],
        "--job-bookmark-option must be one of job-bookmark-enable,",
    ),
    (
        scripts.files_are_uploaded,
        [(YAML, "--extra-py-files: s3://scripts/", "--extra-py-files: s3://elsewhere/")],
        "s3://elsewhere/jobs/shared-1.0-py3-none-any.whl is not listed under scripts:",
    ),
    (scripts.files_are_uploaded, [(YAML, "--level: info", "--extra-jars: s3://elsewhere/x.jar")], "s3://elsewhere/x.jar is not listed under scripts:"),
    (scripts.files_are_uploaded, [(YAML, "--level: info", "--extra-files: s3://elsewhere/x.json")], "s3://elsewhere/x.json is not listed under scripts:"),
    (
        scripts.files_are_uploaded,
        [(YAML, "--level: info", "--additional-python-modules: 'pandas==2.0,s3://elsewhere/x-1.0-py3-none-any.whl'")],
        "s3://elsewhere/x-1.0-py3-none-any.whl is not listed under scripts:",
    ),
    (scripts.scripts_compile, [(SCRIPT, "import shared", "import import")], "a.py line 2: syntax error: invalid syntax"),
    (scripts.imports_are_available, [(SCRIPT, "import shared", "import polars")], "a.py line 2 imports polars, which Glue 5.0 does not"),
    (scripts.imports_are_available, [(SCRIPT, "import shared", "from yaml import load")], "imports yaml, which Glue 5.0 does not provide"),
    (scripts.imports_are_available, [*AS_SHELL, (SCRIPT, "import shared", "import pandas")], "imports pandas, which a Python shell job"),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job.commit()", "")], "has bookmarks enabled, but its script never calls job.commit()"),
    (scripts.nothing_local_is_used, [(SCRIPT, "import shared", "import glue_local")], "imports glue_local, which does not exist on AWS"),
    (
        scripts.nothing_local_is_used,
        [(SCRIPT, "import shared", "url = 'http://localhost:4566'")],
        "a.py line 2 contains localhost, which exists only locally",
    ),
    (scripts.only_documented_awsglue_is_used, [(SCRIPT, "import shared", "from awsglue.glue_context.readers import x")], "line 2 imports awsglue.glue_context.readers"),
    (
        scripts.buckets_are_not_hard_coded,
        [(SCRIPT, "import shared", "path = 's3://data/in/'")],
        "a.py line 2 contains the bucket name data, which is acme-data in prod",
    ),
]  # fmt: skip

PASSING: list[tuple[Rule, list[Edit]]] = [
    (machines.started_crawlers_exist, state(Resource="arn:aws:states:::aws-sdk:glue:startCrawler", Parameters={"Name": "c"})),
    (machines.started_crawlers_exist, state(Resource="arn:aws:states:::aws-sdk:glue:startCrawler", Parameters={"Name.$": "$.c"})),
    (events.roles_trust_the_service, []),
    (events.rules_have_a_pattern_or_schedule, [(YAML, "rule_targets:", "  - {Name: s, ScheduleExpression: rate(1 hour)}\nrule_targets:")]),
    (events.buckets_send_their_events, [(YAML, "{name: [data]}", "{name: [theirs]}"), (YAML, "{EventBridgeConfiguration: {}}", "{}")]),
    (events.buckets_send_their_events, [(YAML, "{name: [data]}", "[data]")]),
    (events.notified_buckets_are_ours, []),
    (events.notified_workflows_have_an_event_trigger, []),
    (events.crawlers_have_targets, []),
    (machines.definitions_are_valid, state(Type="Parallel", Branches=[{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}])),
    (machines.definitions_are_valid, state(Type="Wait", Seconds=1)),
    (machines.started_jobs_exist, state(Parameters={"JobName.$": "$.job"})),
    (machines.no_reserved_arguments, state(Parameters={"JobName": "j", "Arguments.$": "$.arguments"})),
    (jobs.versions_are_supported, AS_SHELL),
    (jobs.capacity_matches_the_command, AS_SHELL),
    (jobs.worker_types_match_the_version, [(YAML, "G.2X,", "R.8X,")]),
    (jobs.flex_is_supported, [(YAML, "{WorkerType: G.2X,", "{WorkerType: G.2X, ExecutionClass: FLEX,")]),
    (jobs.flex_is_supported, [(YAML, "{WorkerType: G.2X,", "{WorkerType: G.2X, ExecutionClass: FLEX,"), (YAML, 'GlueVersion: "5.0"', 'GlueVersion: "3.0"')]),
    (jobs.flex_is_supported, [(YAML, "{WorkerType: G.2X,", "{WorkerType: G.2X, ExecutionClass: FLEX,"), (YAML, 'GlueVersion: "5.0"', 'GlueVersion: "5.x"')]),
    (jobs.worker_types_match_the_version, [(YAML, 'GlueVersion: "5.0"', 'GlueVersion: "5.x"')]),
    (roles.inline_policies_fit, [(YAML, "role_policies: [", f"role_policies: [{policy_of(5000)}, {policy_of(5000)}, ")]),
    (roles.inline_policies_fit, [(YAML, "role_policies: [", f"role_policies: [{policy_of(100, ' ' * 10240)}, ")]),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job = Job(None)\njob.init('j', {})\njob.commit()", "class A:\n  def f(self):\n    self.work = Job(None)\n    self.work.commit()")]),
    (scripts.bookmarks_are_committed, [(SCRIPT, "import Job\n", "import Job as J\n"), (SCRIPT, "Job(None)", "J(None)")]),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job.commit()", "def end(it: Job) -> None:\n    it.commit()\nend(job)")]),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job = Job(None)", "job = shared.begin()")]),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job = Job(None)", "def begin():\n    made = Job(None)\n    return 1, made\none, job = begin()")]),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job.commit()", "def end(it):\n    it.commit()\nend(job)")]),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job.commit()", "def end(n, *, it):\n    it.commit()\nend(1, it=job)")]),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job = Job(None)", "class Ours(Job):\n    pass\njob = Ours(None)")]),
    (jobs.limits_are_respected, [(YAML, "Timeout: 60", "Timeout: 10080")]),
    (jobs.no_reserved_arguments, [(YAML, "--level: info", "--conf: spark.a=b")]),
    (jobs.arguments_match_the_command, [(YAML, "--level: info", "--extra-files: s3://scripts/x")]),
    (scripts.files_are_uploaded, []),
    (scripts.files_are_uploaded, [(YAML, "--level: info", "--additional-python-modules: 'polars==1.0,PyYAML'")]),
    (scripts.scripts_compile, []),
    (scripts.imports_are_available, [(SCRIPT, "import shared", "import polars"), (YAML, "--level: info", "--additional-python-modules: 'polars==1.0,PyYAML'")]),
    (scripts.imports_are_available, [(SCRIPT, "import shared", "try:\n    import polars\nexcept ImportError:\n    polars = None")]),
    (scripts.imports_are_available, [*AS_SHELL, (SCRIPT, "import shared", "import pandas"), (YAML, "--level: info", "library-set: analytics")]),
    (scripts.bookmarks_are_committed, [(SCRIPT, "job.commit()", ""), (YAML, "job-bookmark-enable", "job-bookmark-disable")]),
    (scripts.nothing_local_is_used, [(SCRIPT, "import shared", "'''As on localhost.'''")]),
    (scripts.only_documented_awsglue_is_used, [(SCRIPT, "import shared", "from awsglue.transforms import Map\nimport awsglue")]),
    (scripts.buckets_are_not_hard_coded, [(SCRIPT, "import shared", "path = 's3://database/in/'")]),
]  # fmt: skip


def found(folder: Path, rule: Rule, edits: list[Edit]) -> list[str]:
    for file, old, new in edits:
        edit(folder, old, new, file)
    return [f"{each.place}: {each.message}" for each in rule(staged(folder / YAML, "prod"))]


@pytest.mark.parametrize(("rule", "edits", "expected"), FAILING)
def test_a_failing_definition_is_reported(folder: Path, rule: Rule, edits: list[Edit], expected: str) -> None:
    reported = found(folder, rule, edits)
    assert any(expected in each for each in reported), reported
    assert all(each.startswith(f"{folder}/glue-local.yaml:") for each in reported)


@pytest.mark.parametrize(("rule", "edits"), PASSING)
def test_a_passing_definition_has_no_findings(folder: Path, rule: Rule, edits: list[Edit]) -> None:
    assert found(folder, rule, edits) == []


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_both_examples(rule: Rule) -> None:
    assert rule in [each for each, _, _ in FAILING]
    assert rule in [each for each, _ in PASSING]


def test_the_test_project_passes_all_rules(folder: Path) -> None:
    assert preflight(staged(folder / YAML, "prod")) == []


def test_imports_are_not_checked_for_an_unlisted_glue_version() -> None:
    assert shipped("glueetl", "2.0", None) is None


def test_a_finding_prevents_any_change_of_the_account(
    folder: Path, cli: Callable[..., Any], tested: Any, there: Any
) -> None:
    edit(folder, "job.commit()", "pass", "a.py")
    tested()
    done = cli("promote", "prod", "--yes")
    assert done.exit_code == 1
    assert "never calls job.commit()" in done.output
    assert there.clients("s3").list_buckets()["Buckets"] == []


class Validating:
    """A Step Functions client with validation: its diagnostics, and the requests it received."""

    def __init__(self, diagnostics: list[dict[str, str]]) -> None:
        self.diagnostics, self.asked = diagnostics, list[dict[str, str]]()

    def validate_state_machine_definition(self, **asked: str) -> dict[str, Any]:
        self.asked.append(asked)
        return {"result": "FAIL" if self.diagnostics else "OK", "diagnostics": self.diagnostics}


def test_errors_of_step_functions_own_validation_are_reported(folder: Path) -> None:
    wanted = staged(folder / YAML, "prod")
    fault = {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": "no such field", "location": "/States"}
    hint = {**fault, "severity": "WARNING"}
    finding = Validating([fault, hint])
    wrong, notes = machines.validated(Account(lambda service: finding, "eu-west-1", "123456789012"), wanted)
    [machine] = [each for each in wanted.resources if each.kind == "state_machines"]
    assert wrong == [f"{machine.place}: state machine m: no such field (SCHEMA_VALIDATION_FAILED)"]
    assert notes == []
    assert finding.asked == [{"definition": machine.request["definition"], "type": "STANDARD"}]
    content = Validating([])
    assert machines.validated(Account(lambda service: content, "eu-west-1", "123456789012"), wanted) == ([], [])


@pytest.mark.parametrize(
    ("code", "status", "denied", "noted"),
    [
        ("AccessDeniedException", 400, True, False),
        ("AccessDenied", 403, True, False),
        ("UnknownOperationException", 400, False, True),
        ("InternalFailure", 501, False, True),
    ],
)
def test_missing_permission_to_validate_is_an_error_and_missing_support_a_note(
    code: str, status: int, denied: bool, noted: bool, folder: Path
) -> None:
    wrong, notes = machines.validated(refusing(code, status), staged(folder / YAML, "prod"))
    assert ["(access denied): allow states:ValidateStateMachineDefinition" in each for each in wrong] == [True] * denied
    assert ["has no ValidateStateMachineDefinition" in each for each in notes] == [True] * noted


def test_another_error_of_the_validation_is_raised(folder: Path) -> None:
    with pytest.raises(ClientError, match="InternalFailure"):
        machines.validated(refusing("InternalFailure", 500), staged(folder / YAML, "prod"))


def refusing(code: str, status: int) -> Account:
    """Return an account whose validation fails with an error."""

    class Refusing:
        def validate_state_machine_definition(self, **_asked: str) -> None:
            answer: Any = {"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}}
            raise ClientError(answer, "ValidateStateMachineDefinition")

    return Account(lambda service: Refusing(), "eu-west-1", "123456789012")


def test_a_plan_notes_that_validation_is_not_supported(cli: Callable[..., Any], tested: Any) -> None:
    tested()
    assert "state machine m was not validated: the endpoint has no ValidateStateMachineDefinition" in cli("plan", "prod").output  # fmt: skip


def test_the_example_pipeline_passes_preflight() -> None:
    assert preflight(staged(ROOT / YAML, "prod")) == []
