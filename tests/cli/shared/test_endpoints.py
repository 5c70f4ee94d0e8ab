"""Commands find the server of the data directory, in processes of their own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from typer.testing import CliRunner

from glue_local.cli import app
from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from tests.server_process import ServerProcess, server_in_process


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with server_in_process(tmp_path_factory.mktemp("endpoints")) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "LOCALSTACK_HOST", "GLUE_LOCAL_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_the_server_of_the_data_directory_is_found(server: ServerProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLUE_LOCAL_DATA_DIR", str(server.errors.parent / "data"))
    assert endpoint() == server.endpoint
    assert endpoint(5000) == "http://localhost:5000"
    assert endpoint(None, "http://elsewhere:1/") == "http://elsewhere:1"
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:6000")
    assert endpoint() == "http://localhost:6000"


def test_a_server_is_found_in_the_current_folder(
    server: ServerProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert endpoint() == "http://localhost:4566"
    (tmp_path / ".glue-local").symlink_to(server.errors.parent / "data")
    assert endpoint() == server.endpoint


@pytest.mark.parametrize(
    "command", [["costs"], ["history", "etll"], ["new", "job", "j", "--from", "d.t", "--to", "s3://b/t/"]]
)
def test_commands_talk_to_the_server_of_the_data_directory(
    server: ServerProcess, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUE_LOCAL_DATA_DIR", str(server.errors.parent / "data"))
    monkeypatch.chdir(tmp_path)
    role = "arn:aws:iam::000000000000:role/r"
    Path("glue-local.yaml").write_text(
        "scripts:\n  - {Source: a.py, Destination: s3://b/a.py}\n"
        f"jobs:\n  - {{Name: a, Role: {role}, Command: {{Name: glueetl, ScriptLocation: s3://b/a.py}}}}\n"
    )
    Path("a.py").write_text("")
    glue = boto3.client(
        "glue",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    if "etl" not in glue.list_jobs()["JobNames"]:
        glue.create_job(Name="etl", Role=role, Command={"Name": "glueetl", "ScriptLocation": "s3://b/a.py"})
    shown = CliRunner().invoke(app, command)
    answers = ("nothing has run yet", "did you mean etl?", "database d does not exist")
    assert any(answer in f"{shown.output}{shown.exception}" for answer in answers), shown.output


def test_an_invalid_setting_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GLUE_LOCAL_PORT", "many")
    with pytest.raises(CommandError, match="GLUE_LOCAL_PORT must be a whole number, not 'many'"):
        endpoint()


def test_one_variable_moves_all_commands_and_down_says_what_it_stops(tmp_path: Path) -> None:
    def glue_local(*arguments: str) -> str:
        environment = {**os.environ, "GLUE_LOCAL_DATA_DIR": str(tmp_path), "GLUE_LOCAL_CHILDREN": "none"}
        command = [sys.executable, "-m", "glue_local.cli", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
        return done.stdout + done.stderr

    started = glue_local("up", "--port", "0", "--detach")
    url = started.split("ready at ")[1].split()[0]
    try:
        assert url in glue_local("status")
        assert "job absent does not exist" in glue_local("run", "absent")
        assert "state machine absent does not exist" in glue_local("execute", "absent")
        glue = boto3.client("glue", endpoint_url=url, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")  # fmt: skip
        glue.create_job(Name="waits", Role="r", Command={"Name": "pythonshell", "ScriptLocation": "s3://bbb/a.py"})
        run = glue.start_job_run(JobName="waits")["JobRunId"]
    finally:
        stopped = glue_local("down")
    assert stopped.splitlines()[1:] == [
        f"run {run} of waits was STARTING: it starts when a server runs on this data directory again"
    ]
