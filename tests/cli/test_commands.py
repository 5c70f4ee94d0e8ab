"""Commands against a server in this process, with a thread as worker that finishes runs as each test requires (conftest)."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import COMMANDS, app, load, main
from glue_local.cli.shared import tail
from glue_local.prerequisites import python

if TYPE_CHECKING:
    pass

Aws = Callable[..., Any]
Cli = Callable[..., Result]
Ends = Callable[..., Any]
ROOT = Path(__file__).parent.parent.parent
ROLE = "arn:aws:iam::000000000000:role/r"


@pytest.fixture
def job(aws: Aws, request: pytest.FixtureRequest) -> str:
    name = str(request.node.name)
    command = {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": "s3://b/a.py"}
    aws("glue").create_job(Name=name, Role=ROLE, Command=command)
    return name


def test_a_successful_run_prints_its_output_and_exits_with_0(cli: Cli, job: str, ends: Ends, aws: Aws) -> None:
    with ends("SUCCEEDED", lines=("two roads", "[bold]as printed[/]")):
        done = cli("run", job, "-a", "road=E17", "-a", "--minutes=3=4")
    assert done.exit_code == 0, done.output
    assert "two roads\n[bold]as printed[/]\n" in done.output
    assert f"{job}: SUCCEEDED in 2 s (on AWS $0.0005)\n" in done.output, "0.0625 DPU for the minimum of a minute"
    [run] = aws("glue").get_job_runs(JobName=job)["JobRuns"]
    assert run["Arguments"] == {"--road": "E17", "--minutes": "3=4"}
    shown = cli("logs", run["Id"])
    assert shown.output == "two roads\n[bold]as printed[/]\n"
    assert cli("logs", job, "-f").output.endswith(f"{job}: SUCCEEDED\n")


@pytest.mark.parametrize("state", ["FAILED", "TIMEOUT", "STOPPED"])
def test_an_unsuccessful_run_exits_with_1_and_its_error(cli: Cli, job: str, ends: Ends, state: str) -> None:
    with ends(state, "ValueError: no such road"):
        done = cli("run", job)
    assert done.exit_code == 1
    assert done.stderr == f"glue-local: {job}: {state} after 2 s (on AWS $0.0005): ValueError: no such road\n"


def test_a_retried_run_is_followed_to_the_last_attempt(cli: Cli, job: str, ends: Ends, aws: Aws) -> None:
    command = aws("glue").get_job(JobName=job)["Job"]["Command"]
    aws("glue").update_job(JobName=job, JobUpdate={"Role": ROLE, "Command": command, "MaxRetries": 1})
    with ends("FAILED SUCCEEDED", "no luck"):
        done = cli("run", job)
    assert done.exit_code == 0, done.output
    assert "FAILED: no luck; retrying (MaxRetries)" in done.output
    assert done.output.count(": run jr_") == 2
    assert "SUCCEEDED in 2 s (on AWS $0.0009)\n" in done.output, "both attempts"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--port", "99999"), "should be less than or equal to 65535"),
        (("--endpoint-url", "nonsense"), "'nonsense' is not a URL such as http://localhost:4566"),
    ],
)
def test_an_invalid_endpoint_is_refused(options: tuple[str, str], line: str) -> None:
    done = CliRunner().invoke(app, ["run", "job", *options])
    assert done.exit_code == 2
    assert line in " ".join(done.output.replace("│", "").split())


def test_ctrl_c_stops_the_run(cli: Cli, job: str, ends: Ends, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    presses = iter([KeyboardInterrupt])

    def press(seconds: float) -> None:
        for each in presses:
            raise each
        time.sleep(seconds)

    # Patch the module's reference only: the time module is shared by all threads.
    monkeypatch.setattr(tail, "time", SimpleNamespace(sleep=press, monotonic=time.monotonic))
    done = cli("run", job)
    assert done.exit_code == 130, done.output
    [run] = aws("glue").get_job_runs(JobName=job)["JobRuns"]
    assert run["JobRunState"] == "STOPPED"
    assert done.output.endswith(f"{job}: STOPPED (on AWS $0.0000)\n"), "nothing had begun"


def test_invalid_runs_are_reported_in_one_line(cli: Cli, job: str) -> None:
    assert cli("run", "absent").exit_code == 1
    hint = "`glue-local jobs` lists the jobs, `glue-local provision` creates those in glue-local.yaml"
    assert cli("run", "absent").stderr == f"glue-local: job absent does not exist: {hint}\n"
    for command in ("run", "logs"):
        assert cli(command, f"{job}x").stderr == f"glue-local: job {job}x does not exist: did you mean {job}?\n"
    assert cli("run", job, "-a", "road").stderr == "glue-local: invalid argument -a road: write -a KEY=VALUE\n"
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


def test_a_successful_execution_shows_its_states(cli: Cli, machine: str, ends: Ends, aws: Aws) -> None:
    with ends("SUCCEEDED"):
        done = cli("execute", machine, "--input", '{"road": "E17"}')
    assert done.exit_code == 0, done.output
    [run] = aws("glue").get_job_runs(JobName=machine)["JobRuns"]
    assert run["Arguments"] == {"--road": "E17"}
    [line] = [line for line in done.output.splitlines() if line.startswith("Run ") and "jr_" in line]
    assert line.split()[1] == "SUCCEEDED"
    assert run["Id"][:11] in line
    assert f"$0.0005  Glue: {machine}: 0.0625 DPU for 60 s at $0.44 per DPU-hour, the minimum of a run" in done.output
    assert "$0.0001  Step Functions: 2 state transitions\n$0.0005  on AWS, at list prices" in done.output


def test_a_failed_execution_shows_the_runs_error(cli: Cli, machine: str, ends: Ends) -> None:
    with ends("FAILED", "ValueError: no such road"):
        done = cli("execute", machine, "--input", '{"road": "E17"}')
    assert done.exit_code == 1
    assert done.stderr == f"glue-local: {machine}: FAILED: States.TaskFailed: ValueError: no such road\n"


def test_invalid_executions_are_reported_in_one_line(cli: Cli, tmp_path: Path) -> None:
    assert "state machine absent does not exist: `glue-local provision`" in cli("execute", "absent").stderr
    assert "--input is not valid JSON" in cli("execute", "absent", "--input", "{").stderr
    assert "No such file" in cli("execute", "absent", "--input", f"@{tmp_path}/absent.json").stderr


def test_provisioning_twice_changes_nothing(cli: Cli) -> None:
    first = cli("provision", "--file", str(ROOT / "glue-local.yaml"))
    assert first.exit_code == 0, first.output
    assert "created" in first.output
    second = cli("provision", "--file", str(ROOT / "glue-local.yaml"))
    assert second.exit_code == 0
    assert "created" not in second.output
    assert "updated" not in second.output
    assert second.output.endswith(" unchanged\n")


def test_an_invalid_definition_is_reported_in_one_line(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "glue-local.yaml"
    file.write_text("buckets:\n  - bucket: b\n")
    done = cli("provision", "--file", str(file))
    assert done.exit_code == 1
    assert done.stderr == f"glue-local: {file}:2: CreateBucket has no member bucket: did you mean Bucket?\n"


def test_a_binary_definition_is_reported_in_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "glue-local.yaml").write_bytes(b"project: caf\xe9\n")
    done = cli("provision", "--file", str(tmp_path / "glue-local.yaml"))
    assert done.exit_code == 1
    assert "is not UTF-8 (invalid byte 12): save it as UTF-8" in " ".join(done.output.split())


def test_version_shows_python_and_dependencies() -> None:
    assert CliRunner().invoke(app, ["version"]).output.startswith("glue-local 0.1.0 (Python 3.1")


def test_doctor_reports_missing_prerequisites(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["doctor"], env={"XDG_CACHE_HOME": str(tmp_path)})
    assert done.exit_code == 1
    assert "MISSING  S3 connector" in done.output
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0


def test_every_command_loads_and_is_listed_in_the_help() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output
    for name, entry in COMMANDS.items():
        assert entry.help[:40] in shown
        assert load(name).name == name
        assert CliRunner().invoke(app, [name, "--help"]).exit_code == 0
    mistyped = CliRunner().invoke(app, ["provison"])
    assert mistyped.exit_code == 2
    assert "Did you mean 'provision'?" in " ".join(mistyped.output.split())
    option = CliRunner().invoke(app, ["run", "x", "--endpoint-ur", "u"])
    assert "(Possible options: --endpoint-url)" in " ".join(option.output.split())


def test_an_unsupported_python_is_reported_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    check = python.check
    monkeypatch.setattr(python, "check", lambda: check((3, 9, 18)))
    with pytest.raises(SystemExit) as ended:
        main()
    assert str(ended.value.code).startswith("glue-local: Python 3.9.18 is not supported: create a virtual environment")


def test_the_demo_needs_a_checkout(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["demo", "--file", str(tmp_path / "glue-local.yaml")])
    assert done.exit_code == 1
    assert "run the demo in a checkout" in done.stderr


@pytest.mark.parametrize(
    ("options", "code", "line"),
    [
        (("--file", "absent.yaml"), 1, "absent.yaml does not exist: run the comparison in a checkout of glue-local"),
        (("--report", "--report-file", f"{ROOT}/README.md/page.html"), 1, "README.md: File exists"),
        (("--endpoint-url", "localhost:4566"), 2, "'localhost:4566' is not a URL such as http://localhost:4566"),
        (("--endpoint-url", "http://localhost:1"), 1, "no glue-local server at http://localhost:1"),
        (("--minutes", "2"), 2, "should be greater than or equal to 3"),
    ],
)
def test_invalid_comparisons_are_refused_before_they_start(options: tuple[str, ...], code: int, line: str) -> None:
    done = CliRunner().invoke(app, ["compare", "--file", str(ROOT / "glue-local.yaml"), *options])
    assert done.exit_code == code, done.output
    assert line in " ".join(done.output.replace("│", "").split())


def test_debugging_passes_the_port_to_the_run(cli: Cli, job: str, ends: Ends, aws: Aws) -> None:
    with ends("SUCCEEDED"):
        done = cli("run", job, "--debug", "--debug-port", "5999")
    assert done.exit_code == 0
    (run,) = aws("glue").get_job_runs(JobName=job)["JobRuns"]
    assert run["Arguments"] == {"--glue-local-debug-port": "5999"}


def test_the_demo_checks_the_reports_folder_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    in_a_file = CliRunner().invoke(app, ["demo", "--report", str(tmp_path / "file" / "report.html")])
    assert in_a_file.exit_code == 1
    assert f"cannot create the report's folder {tmp_path / 'file'}: File exists" in in_a_file.stderr
    # Tests may run as root, which can write anywhere.
    monkeypatch.setattr("glue_local.cli.shared.example.os.access", lambda folder, mode: folder != tmp_path / "theirs")
    not_ours = CliRunner().invoke(app, ["demo", "--report", str(tmp_path / "theirs" / "report.html")])
    assert not_ours.exit_code == 1
    assert f"cannot write to the report's folder {tmp_path / 'theirs'}" in not_ours.stderr
    assert "make demo-compose" in not_ours.stderr
