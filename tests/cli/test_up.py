"""The server's commands: up, status, down, and every reason why it cannot start."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.conftest import Bench

COMMAND = [sys.executable, "-m", "glue_local.cli"]


def glue_local(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refusal(done: "subprocess.CompletedProcess[str]") -> str:
    """Return the single error line of a failed command."""
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    return line


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    port, data_dir = free_port(), tmp_path_factory.mktemp("up")
    done = glue_local("up", "--port", str(port), "--data-dir", str(data_dir), "--detach", GLUE_LOCAL_CHILDREN="none")
    assert done.returncode == 0, done.stderr
    assert f"ready at http://localhost:{port}" in done.stdout
    assert "S3 objects and stream positions are kept in memory and are lost when the server stops" in done.stdout
    yield port, data_dir
    done = glue_local("down", "--data-dir", str(data_dir))
    assert done.stdout == f"stopped the server on port {port}\n"
    assert glue_local("down", "--data-dir", str(data_dir)).stdout == f"no server is running for {data_dir}\n"


def test_status_shows_endpoint_and_process(running: tuple[int, Path]) -> None:
    port, data_dir = running
    document = json.loads(glue_local("status", "--data-dir", str(data_dir), "--json").stdout)
    assert document["endpoint"] == f"http://localhost:{port}"
    shown = glue_local("status", "--data-dir", str(data_dir)).stdout
    assert str(document["pid"]) in shown
    assert "Glue's state (SQLite) is kept" in shown


def test_a_port_in_use_is_reported_with_the_fix(running: tuple[int, Path], tmp_path: Path) -> None:
    for detach in ((), ("--detach",)):
        done = glue_local("up", "--port", str(running[0]), "--data-dir", str(tmp_path), *detach)
        assert f"port {running[0]} is already in use" in refusal(done)
        assert "--port" in refusal(done)


def test_an_impossible_data_directory_is_reported(tmp_path: Path) -> None:
    for detach in ((), ("--detach",)):
        line = refusal(glue_local("up", "--data-dir", "/dev/null/x", *detach))
        assert "/dev/null/x" in line


@pytest.mark.parametrize("detach", [(), ("--detach",)])
def test_a_damaged_state_file_is_reported_and_kept(tmp_path: Path, detach: tuple[str, ...]) -> None:
    state = tmp_path / "glue-local.sqlite"
    state.write_bytes(b"garbage" * 1000)
    done = glue_local("up", "--port", "0", "--data-dir", str(tmp_path), *detach, GLUE_LOCAL_CHILDREN="none")
    assert f"the state file {state} is damaged (file is not a database)" in refusal(done)
    assert state.read_bytes() == b"garbage" * 1000


def test_a_second_server_on_the_same_data_directory_is_refused(running: tuple[int, Path]) -> None:
    line = refusal(glue_local("up", "--port", str(free_port()), "--data-dir", str(running[1])))
    assert "another server is already using the data directory" in line
    assert "`glue-local down`" in line


def test_a_missing_connector_is_reported_with_the_fix(tmp_path: Path) -> None:
    line = refusal(glue_local("up", "--data-dir", str(tmp_path), XDG_CACHE_HOME=str(tmp_path)))
    assert line == "glue-local: Spark's S3 connector is not installed: run `glue-local doctor --fix`"


def test_an_invalid_setting_is_reported(tmp_path: Path) -> None:
    line = refusal(glue_local("up", "--data-dir", str(tmp_path), GLUE_LOCAL_PORT="many"))
    assert line == "glue-local: GLUE_LOCAL_PORT must be a whole number, not 'many'"


def test_status_without_a_server_exits_with_1(tmp_path: Path) -> None:
    line = refusal(glue_local("status", "--data-dir", str(tmp_path)))
    assert line == f"glue-local: no server is running for {tmp_path}: start one with `glue-local up`"


def test_a_killed_server_is_not_reported_as_running(tmp_path: Path) -> None:
    (tmp_path / "server.json").write_text(json.dumps({"pid": os.getpid(), "port": 1}))
    assert "no server is running" in refusal(glue_local("status", "--data-dir", str(tmp_path)))


def test_a_server_with_a_damaged_process_file_can_be_stopped(tmp_path: Path) -> None:
    assert glue_local("up", "--port", "0", "--data-dir", str(tmp_path), "--detach").returncode == 0
    (tmp_path / "server.json").write_text("{")
    assert "another server is already using" in refusal(glue_local("up", "--port", "0", "--data-dir", str(tmp_path)))
    assert glue_local("status", "--data-dir", str(tmp_path)).returncode == 0
    assert "stopped the server" in glue_local("down", "--data-dir", str(tmp_path)).stdout
    assert "no server is running" in refusal(glue_local("status", "--data-dir", str(tmp_path)))


@pytest.mark.parametrize("command", [("run", "job"), ("execute", "machine"), ("logs", "job"), ("provision",)])
def test_commands_without_a_server_suggest_glue_local_up(command: tuple[str, ...]) -> None:
    port = free_port()
    line = refusal(glue_local(*command, "--port", str(port)))
    assert line == f"glue-local: no glue-local server at http://localhost:{port}: start one with `glue-local up`"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_server_and_its_child_processes(tmp_path: Path, number: signal.Signals) -> None:
    arguments = ["up", "--port", "0", "--data-dir", str(tmp_path)]
    with subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as up:
        assert up.stdout
        assert "ready at" in up.stdout.readline()
        children = json.loads(glue_local("status", "--data-dir", str(tmp_path), "--json").stdout)["children"]
        up.send_signal(number)
        assert up.wait(30) == 0
    assert sorted(children) == ["delivery", "worker"]
    assert not any(Path(f"/proc/{pid}").exists() for pid in children.values())


_SCRIPT = """
import importlib.util, os
print(sorted(name for name in os.environ if name.startswith(("DATABASE", "PYTHONOPT"))))
print(importlib.util.find_spec("callers"), bool(os.environ["PATH"]), os.environ["HOME"])
assert False, "assertions are enabled"
"""


def test_a_script_does_not_inherit_the_servers_environment(tmp_path: Path) -> None:
    (tmp_path / "callers.py").touch()
    data_dir, port = str(tmp_path / "data"), free_port()
    of_the_caller = {"DATABASE_PASSWORD": "secret", "PYTHONPATH": str(tmp_path), "PYTHONOPTIMIZE": "2"}
    started = glue_local("up", "--port", str(port), "--data-dir", data_dir, "--detach", **of_the_caller)
    assert started.returncode == 0, started.stderr
    try:
        done = Bench(f"http://localhost:{port}").run(_SCRIPT)
    finally:
        glue_local("down", "--data-dir", data_dir)
    assert done.output == ["[]", f"None True {os.environ['HOME']}"]
    assert done.message == "AssertionError: assertions are enabled"
