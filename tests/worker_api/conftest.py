"""A worker simulated by the test, over HTTP."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from glue_local.server import Server

Post = Callable[..., tuple[int, Any]]
ROLE = "arn:aws:iam::000000000000:role/glue"


class Work(NamedTuple):
    """One claimed run."""

    run_id: str
    claim: str
    token: str
    answer: dict[str, Any]


@pytest.fixture
def call(endpoint: Server) -> Post:
    """Call the private API: ``call("runs/claim", worker=…)`` → (status, answer)."""

    def call(path: str, *, method: str = "POST", token: str = "", **body: Any) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"{endpoint.endpoint}/_glue_local/{path}",
            data=None if method == "GET" else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token or endpoint.private.bearer}"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, json.load(response) if response.status == 200 else None
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    return call


@pytest.fixture
def take(call: Post) -> Callable[..., Work | None]:
    """Claim a run as a worker that offers every command."""

    def take(worker: str = "tester", wait: float = 0) -> Work | None:
        _, answer = call("runs/claim", worker=worker, commands=["glueetl", "gluestreaming", "pythonshell"], wait=wait)
        return Work(answer["run"]["Id"], answer["claim"], answer["run_token"], answer) if answer else None

    return take


@pytest.fixture
def finish(call: Post) -> Callable[..., Any]:
    """Start and finish a claimed run."""

    def finish(work: Work, state: str, **more: Any) -> Any:
        call(f"runs/{work.run_id}/started", claim=work.claim)
        return call(f"runs/{work.run_id}/finished", claim=work.claim, state=state, **more)

    return finish


@pytest.fixture
def job(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Callable[..., str]:
    """Create a job with the name of the test; return its name."""

    def job(**definition: Any) -> str:
        name = request.node.name.replace("[", "-").replace("]", "")
        command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
        aws("glue").create_job(**{"Name": name, "Role": ROLE, "Command": command, **definition})
        return name

    return job
