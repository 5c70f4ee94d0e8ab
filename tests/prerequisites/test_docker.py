"""The reports on Docker, its images, ports and memory, from a fake engine behind the docker package."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from glue_local.cli import app
from glue_local.prerequisites import Unmet, docker
from glue_local.settings import stack

STAND_IN = {"glue-local.stand-in": "true"}


class Engine:
    """The state of the fake engine."""

    def __init__(self) -> None:
        self.images: dict[str, dict[str, str]] = {}
        self.containers: list[dict[str, Any]] = []
        self.memory = 16_000_000_000

    def answer(self, path: str) -> Any:
        """Return the document that the engine's API returns for a path without version."""
        if path == "/version":
            return {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"}
        if path == "/info":
            return {"MemTotal": self.memory}
        if path == "/images/json":
            return [{"Id": name, "RepoTags": [name]} for name, labels in self.images.items() if labels]
        if path == "/containers/json":
            return self.containers
        if found := re.fullmatch(r"/containers/(.+)/json", path):
            return next(each for each in self.containers if each["Id"] == found[1])
        if (found := re.fullmatch(r"/images/(.+)/json", path)) and found[1] in self.images:
            labels = self.images[found[1]]
            return {"Id": found[1], "RepoTags": [found[1]], "Size": 499_000_000, "Config": {"Labels": labels}}
        return "OK" if path == "/_ping" else None


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    made_up = Engine()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = made_up.answer(re.sub(r"^/v[\d.]+(?=/)", "", self.path.partition("?")[0]))
            body = json.dumps({"message": "no such image"} if answer is None else answer).encode()
            self.send_response(404 if answer is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{server.server_port}")
    yield made_up
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(engine: Engine) -> Iterator[Any]:
    client = docker.engine()
    yield client
    client.close()


def taken() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_docker_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///there/is/none.sock")
    with pytest.raises(Unmet, match=r"^Docker does not respond \(.+\): start it \(to install it on Debian"):
        docker.engine()


def test_an_image_and_a_stand_in(engine: Engine, client: Any) -> None:
    engine.images = {"real:1": {}, "made:1": STAND_IN}
    assert docker.image(client, "real:1") == "real:1, 499 MB"
    assert docker.image(client, "made:1") == "made:1, 499 MB, a stand-in"
    assert docker.stand_ins(client, ["real:1", "made:1", "absent:1"]) == ["made:1"]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("public.ecr.aws/glue/aws-glue-libs:5", "run `docker pull public"), ("glue-local:0.1.0", "run `make images`")],
)
def test_a_missing_image_is_reported_with_the_fix(client: Any, name: str, remedy: str) -> None:
    with pytest.raises(Unmet, match=f"^image {name} is missing: {remedy}.*`make images-offline`"):
        docker.image(client, name)


def test_a_port_of_another_program(client: Any) -> None:
    with taken() as other:
        number = other.getsockname()[1]
        with pytest.raises(Unmet, match=f"^port {number} is in use: stop the program that uses it"):
            docker.port(client, number)
    assert docker.port(client, number) == f"{number} is free"


def test_a_port_of_the_stack_and_of_another_container(engine: Engine, client: Any) -> None:
    labels = {"com.docker.compose.project": "glue-local"}
    engine.containers = [{"Id": "abc", "Name": "/other", "Config": {"Labels": labels}}]
    assert docker.port(client, 4566) == "4566 is used by the running stack"
    labels.clear()
    with pytest.raises(Unmet, match="^port 4566 is in use by the container other: "):
        docker.port(client, 4566)


def test_too_little_memory(engine: Engine, client: Any) -> None:
    assert docker.memory(client) == "Docker has 16 GB"
    engine.memory = 2_000_000_000
    with pytest.raises(
        Unmet, match=r"^Docker has 2.0 GB of memory, but the stack needs 7 GB: give Docker more memory$"
    ):
        docker.memory(client)


def test_the_doctor_reports_every_prerequisite(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with taken() as free:
        number = free.getsockname()[1]
    with taken() as other:
        busy = other.getsockname()[1]
        monkeypatch.setenv("GLUE_LOCAL_PORT", str(number))
        monkeypatch.setenv("GLUE_LOCAL_STATUS_PORT", str(busy))
        monkeypatch.setenv("GLUE_IMAGE", "my/glue:1")
        engine.images = {"localstack/localstack:4.14.0": STAND_IN, "my/glue:1": {}}
        done = CliRunner().invoke(app, ["doctor", "--docker"])
    assert done.exit_code == 1
    assert "ok  Docker        20.10.24\n" in done.output
    assert "ok  image         localstack/localstack:4.14.0, 499 MB, a stand-in\n" in done.output
    assert "ok  image         my/glue:1, 499 MB\n" in done.output
    assert "MISSING  image         image glue-local:0.1.0 is missing: run `make images`" in done.output
    assert f"ok  port          {number} is free\n" in done.output
    assert f"MISSING  port          port {busy} is in use: stop the program that uses it" in done.output
    assert "ok  memory        Docker has 16 GB\n" in done.output


def test_the_doctor_reads_the_env_file_as_compose_does(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text('GLUE_IMAGE="team/glue:2"  # ours\nGLUE_LOCAL_VERSION=9.9\nGLUE_LOCAL_PORT=\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GLUE_LOCAL_VERSION", "8.8")
    engine.images = {"team/glue:2": {}, "glue-local:8.8": {}}
    done = CliRunner().invoke(app, ["doctor", "--docker"])
    assert "ok  image         team/glue:2, 499 MB\n" in done.output
    assert "ok  image         glue-local:8.8, 499 MB\n" in done.output
    assert "4566" in done.output, "an empty value counts as unset"


def test_fix_and_docker_exclude_each_other() -> None:
    done = CliRunner().invoke(app, ["doctor", "--docker", "--fix"])
    assert done.exit_code == 1
    assert "pass --fix or --docker, not both" in done.output


def test_the_stack_is_what_the_compose_file_reads_from_the_environment() -> None:
    told = stack("1.2.3", {"GLUE_IMAGE": "mine:1", "GLUE_LOCAL_PORT": "5000"})
    assert told.images == ("localstack/localstack:4.14.0", "mine:1", "trinodb/trino:476", "glue-local:1.2.3")
    assert told.ports == (5000, 4567)
    with pytest.raises(ValueError, match="GLUE_LOCAL_STATUS_PORT"):
        stack("1", {"GLUE_LOCAL_STATUS_PORT": "x"})


def test_every_setting_of_the_compose_files_is_in_the_example() -> None:
    root = Path(__file__).parent.parent.parent
    files = [root / "docker-compose.yml", root / "docker-compose.cluster.yml"]
    knobs = {name for file in files for name in re.findall(r"(?<!\$)\$\{([A-Z_]+)", file.read_text())}
    documented = set(re.findall(r"^(?:# )?([A-Z_]+)=", (root / ".env.example").read_text(), re.MULTILINE))
    assert knobs == documented
