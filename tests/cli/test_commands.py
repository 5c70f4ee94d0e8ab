"""Commands against a server in this process, whose worker is a thread that ends runs as the test says."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import COMMANDS, app, load, main
from glue_local.prerequisites import python
from glue_local.private.runs import claim, finished, started

if TYPE_CHECKING:
    from glue_local.server import Server

Aws = Callable[..., Any]
Cli = Callable[..., Result]
Ends = Callable[..., Any]
ROOT = Path(__file__).parent.parent.parent
ROLE = "arn:aws:iam::000000000000:role/r"


@pytest.fixture
def cli(endpoint: "Server") -> Cli:
    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, [*arguments, "--endpoint-url", endpoint.endpoint])

    return invoke


@pytest.fixture
def ends(endpoint: "Server", aws: Aws) -> Ends:
    """Claim one run in the background, print ``lines`` to its output, and finish it; several by states with spaces."""

    @contextmanager
    def worker(state: str, message: str | None = None, lines: tuple[str, ...] = ()) -> Iterator[None]:
        def work(state: str) -> None:
            body = {"worker": "test", "commands": ["glueetl", "pythonshell"], "wait": 20}
            # Without end: a command that follows a run which nobody claims would follow it for ever.
            while not (claimed := claim(endpoint.private, body)):
                pass
            run_id, held = claimed["run"]["Id"], {"claim": claimed["claim"]}
            started(endpoint.private, held, run_id)
            write_lines(aws("logs"), run_id, lines)
            ending = {**held, "state": state, "error_message": message, "execution_time": 2}
            finished(endpoint.private, ending, run_id)

        thread = threading.Thread(target=lambda: list(map(work, state.split())))
        thread.start()
        yield
        thread.join()

    return worker


def write_lines(logs: Any, run_id: str, lines: tuple[str, ...]) -> None:
    group = {"logGroupName": "/aws-glue/python-jobs/output"}
    if not logs.describe_log_groups(logGroupNamePrefix=group["logGroupName"])["logGroups"]:
        logs.create_log_group(**group)
    logs.create_log_stream(**group, logStreamName=run_id)
    events = [{"timestamp": int(time.time() * 1000), "message": line} for line in lines]
    if events:
        logs.put_log_events(**group, logStreamName=run_id, logEvents=events)


@pytest.fixture
def job(aws: Aws, request: pytest.FixtureRequest) -> str:
    name = str(request.node.name)
    command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": "s3://b/a.py"}
    aws("glue").create_job(Name=name, Role=ROLE, Command=command)
    return name


def test_a_run_that_succeeds(cli: Cli, job: str, ends: Ends, aws: Aws) -> None:
    with ends("SUCCEEDED", lines=("two roads", "[bold]as printed[/]")):
        done = cli("run", job, "-a", "road=E17", "-a", "--minutes=3=4")
    assert done.exit_code == 0, done.output
    assert "two roads\n[bold]as printed[/]\n" in done.output
    assert f"{job}: SUCCEEDED in 2 s" in done.output
    [run] = aws("glue").get_job_runs(JobName=job)["JobRuns"]
    assert run["Arguments"] == {"--road": "E17", "--minutes": "3=4"}
    shown = cli("logs", run["Id"])
    assert shown.output == "two roads\n[bold]as printed[/]\n"
    assert cli("logs", job, "-f").output.endswith(f"{job}: SUCCEEDED\n")


@pytest.mark.parametrize("state", ["FAILED", "TIMEOUT", "STOPPED"])
def test_a_run_that_does_not(cli: Cli, job: str, ends: Ends, state: str) -> None:
    with ends(state, "ValueError: no such road"):
        done = cli("run", job)
    assert done.exit_code == 1
    assert done.stderr == f"glue-local: {job}: {state} after 2 s: ValueError: no such road\n"


def test_a_run_that_is_tried_again_is_followed_to_the_last_try(cli: Cli, job: str, ends: Ends, aws: Aws) -> None:
    command = aws("glue").get_job(JobName=job)["Job"]["Command"]
    aws("glue").update_job(JobName=job, JobUpdate={"Role": ROLE, "Command": command, "MaxRetries": 1})
    with ends("FAILED SUCCEEDED", "no luck"):
        done = cli("run", job)
    assert done.exit_code == 0, done.output
    assert "FAILED: no luck; MaxRetries allows another try" in done.output
    assert done.output.count(": run jr_") == 2


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--port", "99999"), "should be less than or equal to 65535"),
        (("--endpoint-url", "nonsense"), "'nonsense' is no URL like http://localhost:4566"),
    ],
)
def test_an_endpoint_that_cannot_be_is_named(options: tuple[str, str], line: str) -> None:
    done = CliRunner().invoke(app, ["run", "job", *options])
    assert done.exit_code == 2
    assert line in " ".join(done.output.replace("│", "").split())


def test_ctrl_c_stops_the_run(cli: Cli, job: str, ends: Ends, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    from glue_local.cli import following

    presses = iter([KeyboardInterrupt])

    def press(seconds: float) -> None:
        for each in presses:
            raise each
        time.sleep(seconds)

    # Its own clock: the time module is every thread's.
    monkeypatch.setattr(following, "time", SimpleNamespace(sleep=press, monotonic=time.monotonic))
    done = cli("run", job)
    assert done.exit_code == 130, done.output
    [run] = aws("glue").get_job_runs(JobName=job)["JobRuns"]
    assert run["JobRunState"] == "STOPPED"
    assert done.output.endswith(f"{job}: STOPPED\n")


def test_what_cannot_be_run(cli: Cli, job: str) -> None:
    assert cli("run", "absent").exit_code == 1
    assert "absent (EntityNotFoundException)" in cli("run", "absent").stderr
    assert cli("run", job, "-a", "road").stderr == "glue-local: -a road: write -a KEY=VALUE\n"
    assert f"{job} has not run yet" in cli("logs", job).stderr
    assert "no job has a run jr_0" in cli("logs", "jr_0").stderr


@pytest.fixture
def machine(aws: Aws, job: str) -> str:
    definition = {
        "StartAt": "Run",
        "States": {
            "Run": {
                "Type": "Task",
                "Resource": "arn:aws:states:::glue:startJobRun.sync",
                "Parameters": {"JobName": job, "Arguments": {"--road.$": "$.road"}},
                "End": True,
            }
        },
    }
    aws("stepfunctions").create_state_machine(name=job, definition=json.dumps(definition), roleArn=ROLE)
    return job


def test_an_execution_that_succeeds(cli: Cli, machine: str, ends: Ends, aws: Aws) -> None:
    with ends("SUCCEEDED"):
        done = cli("execute", machine, "--input", '{"road": "E17"}')
    assert done.exit_code == 0, done.output
    [run] = aws("glue").get_job_runs(JobName=machine)["JobRuns"]
    assert run["Arguments"] == {"--road": "E17"}
    [line] = [line for line in done.output.splitlines() if line.startswith("Run ") and "jr_" in line]
    assert line.split()[1] == "SUCCEEDED"
    assert run["Id"][:11] in line


def test_an_execution_that_fails_says_what_the_run_said(cli: Cli, machine: str, ends: Ends) -> None:
    with ends("FAILED", "ValueError: no such road"):
        done = cli("execute", machine, "--input", '{"road": "E17"}')
    assert done.exit_code == 1
    assert done.stderr == f"glue-local: {machine}: FAILED: States.TaskFailed: ValueError: no such road\n"


def test_what_cannot_be_executed(cli: Cli, tmp_path: Path) -> None:
    assert "there is no state machine absent: `glue-local provision`" in cli("execute", "absent").stderr
    assert "--input is not JSON" in cli("execute", "absent", "--input", "{").stderr
    assert "No such file" in cli("execute", "absent", "--input", f"@{tmp_path}/absent.json").stderr


def test_provisioning_the_project_twice(cli: Cli) -> None:
    first = cli("provision", "--file", str(ROOT / "glue-local.yaml"))
    assert first.exit_code == 0, first.output
    assert "created" in first.output
    second = cli("provision", "--file", str(ROOT / "glue-local.yaml"))
    assert second.exit_code == 0
    assert "created" not in second.output
    assert "updated" not in second.output
    assert second.output.endswith(" unchanged\n")


def test_a_wrong_definition_is_one_line(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "glue-local.yaml"
    file.write_text("buckets:\n  - bucket: b\n")
    done = cli("provision", "--file", str(file))
    assert done.exit_code == 1
    assert done.stderr == f"glue-local: {file}:2: CreateBucket has no bucket; did you mean Bucket?\n"


def test_a_definition_that_is_no_text_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "glue-local.yaml").write_bytes(b"project: caf\xe9\n")
    done = cli("provision", "--file", str(tmp_path / "glue-local.yaml"))
    assert done.exit_code == 1
    assert "is not UTF-8 from byte 12 on: save it as UTF-8" in " ".join(done.output.split())


def test_version() -> None:
    assert CliRunner().invoke(app, ["version"]).output.startswith("glue-local 0.1.0 (Python 3.1")


def test_doctor_names_what_is_missing(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["doctor"], env={"XDG_CACHE_HOME": str(tmp_path)})
    assert done.exit_code == 1
    assert "MISSING  S3 connector" in done.output
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0


def test_every_command_loads_and_is_told_in_the_help() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output
    for name, (_, help_text) in COMMANDS.items():
        assert help_text[:40] in shown
        assert load(name).name == name
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0
    assert CliRunner().invoke(app, ["absent"]).exit_code == 2


def test_an_unsupported_python_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    check = python.check
    monkeypatch.setattr(python, "check", lambda: check((3, 9, 18)))
    with pytest.raises(SystemExit) as ended:
        main()
    assert str(ended.value.code).startswith("glue-local: Python 3.9.18 is not supported: make a virtual environment")


def test_the_demo_wants_a_checkout(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["demo", "--file", str(tmp_path / "glue-local.yaml")])
    assert done.exit_code == 1
    assert "run the demo in a checkout" in done.stderr


def test_a_run_to_be_debugged_is_told_its_port(cli: Cli, job: str, ends: Ends, aws: Aws) -> None:
    with ends("SUCCEEDED"):
        done = cli("run", job, "--debug", "--debug-port", "5999")
    assert done.exit_code == 0
    (run,) = aws("glue").get_job_runs(JobName=job)["JobRuns"]
    assert run["Arguments"] == {"--glue-local-debug-port": "5999"}


def test_the_demo_asks_for_a_place_for_its_report_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    in_a_file = CliRunner().invoke(app, ["demo", "--report", str(tmp_path / "file" / "report.html")])
    assert in_a_file.exit_code == 1
    assert f"the report's folder {tmp_path / 'file'} cannot be made: File exists" in in_a_file.stderr
    # Root, as which tests may run, may write anywhere.
    monkeypatch.setattr("glue_local.cli.demo.os.access", lambda folder, mode: folder != tmp_path / "theirs")
    not_ours = CliRunner().invoke(app, ["demo", "--report", str(tmp_path / "theirs" / "report.html")])
    assert not_ours.exit_code == 1
    assert f"may not write to {tmp_path / 'theirs'}" in not_ours.stderr
    assert "make demo-compose" in not_ours.stderr
