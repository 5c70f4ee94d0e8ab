"""A run that waits for a debugger: it prints the address, a client continues it, and the wait does not count for its timeout."""

import json
import socket
import time
from typing import Any

import pytest

from glue_local.worker.drivers import debugging
from glue_local.worker.drivers.debugging import ARGUMENT, debug_port
from glue_local.worker.drivers.driver_pool import CannotStart


class Client:
    """A minimal debugger that attaches, stops at a line, and continues (Debug Adapter Protocol)."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._stream = self._socket.makefile("rb")
        self._count = 0

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def send(self, command: str, **arguments: Any) -> None:
        self._count += 1
        body = json.dumps({"seq": self._count, "type": "request", "command": command, "arguments": arguments})
        self._socket.sendall(f"Content-Length: {len(body)}\r\n\r\n{body}".encode())

    def until(self, name: str) -> dict[str, Any]:
        """Return the next message that is the event, or the response to the command, of that name."""
        while True:
            length = 0
            while line := self._stream.readline().strip():
                length = int(line.split(b":")[1])
            message: dict[str, Any] = json.loads(self._stream.read(length))
            if name in (message.get("event"), message.get("command")):
                return message


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_waiting(bench: Any, job: str, run_id: str) -> dict[str, Any]:
    end = time.monotonic() + 60
    while True:
        run: dict[str, Any] = bench.state(job, run_id)
        if any("waits for a debugger" in line for line in bench.lines(run, "error")):
            return run
        assert run["JobRunState"] in ("STARTING", "RUNNING"), run
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize("command", ["pythonshell", "glueetl"])
def test_a_client_stops_at_a_breakpoint_and_continues(bench: Any, command: str) -> None:
    job, port = bench.job("import sys\nn = 1\nprint(n, sys.argv[1:3])\n", command), free_port()
    run_id = bench.start(job, **{ARGUMENT[2:]: str(port)})
    await_waiting(bench, job, run_id)
    assert bench.lines(bench.state(job, run_id), "output") == []
    client = Client(port)
    client.send("initialize", adapterID="test")
    client.until("initialize")
    client.send("attach", pathMappings=[{"localRoot": "/repository/jobs", "remoteRoot": "."}])
    client.until("initialized")
    source = {"path": f"/repository/jobs/{job}.py"}
    client.send("setBreakpoints", source=source, breakpoints=[{"line": 3}])
    assert client.until("setBreakpoints")["body"]["breakpoints"][0]["verified"]
    client.send("configurationDone")
    thread = client.until("stopped")["body"]["threadId"]
    client.send("stackTrace", threadId=thread)
    frame = client.until("stackTrace")["body"]["stackFrames"][0]
    assert (frame["line"], frame["source"]["path"]) == (3, source["path"])
    client.send("setExpression", frameId=frame["id"], expression="n", value="42")
    client.send("continue", threadId=thread)
    ended = bench.ended(job, run_id)
    client.close()
    first = ["--JOB_NAME", job] if command == "glueetl" else ["--job-bookmark-option", "job-bookmark-disable"]
    assert (ended.state, ended.output) == ("SUCCEEDED", [f"42 {first}"]), ended


def test_waiting_does_not_count_and_can_be_stopped(bench: Any) -> None:
    job = bench.job("print('never')\n", Timeout=1)
    run_id = bench.start(job, **{ARGUMENT[2:]: str(free_port())})
    await_waiting(bench, job, run_id)
    time.sleep(1.2)
    bench.glue.batch_stop_job_run(JobName=job, JobRunIds=[run_id])
    ended = bench.ended(job, run_id)
    assert (ended.state, ended.output, ended.run["ExecutionTime"]) == ("STOPPED", [], 0)


def test_a_port_in_use_is_the_runs_error(bench: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = bench.run("", arguments={ARGUMENT[2:]: str(port)})
    assert ended.state == "FAILED"
    assert ended.message.startswith(f"The debugger's port {port} cannot be used: ")


def test_a_run_that_cannot_be_debugged_names_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    assert debug_port({}) is None
    with pytest.raises(CannotStart, match="--glue-local-debug-port must be a port from 1 to 65535, not 'x'"):
        debug_port({ARGUMENT: "x"})
    monkeypatch.setattr(debugging.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(CannotStart, match=r"pip install 'glue-local\[debug\]'"):
        debug_port({ARGUMENT: "5678"})
