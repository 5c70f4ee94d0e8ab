"""The stack in containers: docker-compose.yml as it is, under a project name and on ports of its own."""

import json
import os
import subprocess
import urllib.request
import uuid
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import docker
from docker.errors import DockerException, ImageNotFound
from docker.models.containers import Container

from glue_local import settings
from tests.e2e.stack import ROOT, Stack, free_port, wait_until

IMAGES = settings.stack(version("glue-local"), os.environ).images
SERVICES = ("localstack", "glue", "spark")
CONTAINERS = {"worker": "spark", "server": "glue"}

# Sent into the container as they are: what has the process ids that are asked for is in there.
_KILL = "import os, sys; os.kill(int(sys.argv[1]), 9)"
_KILL_DRIVER = """
import os, sys
from pathlib import Path
begun = [str(mark.parent) for mark in Path("/tmp").glob("glue-local-*/runs/*/prepared")]
for process in Path("/proc").glob("[0-9]*"):
    try:
        command = (process / "cmdline").read_text().split(chr(0))
    except OSError:
        continue
    if "glue_local.worker.driver" in command and command[command.index("glue_local.worker.driver") + 1] in begun:
        os.kill(int(process.name), 9)
        sys.exit(0)
sys.exit(3)
"""


class ComposeStack(Stack):
    """LocalStack, the Glue service and Spark workers, without the live feed: it would mix its events into the tests'.

    ``files`` are further Compose files, ``services`` what ``up`` starts (all that Compose does, if empty), ``knobs`` those
    of .env.example.
    """

    workers_outlive_the_server = True

    def __init__(self, *files: str, services: tuple[str, ...] = SERVICES, **knobs: str) -> None:
        self.port, self.status_port = free_port(), free_port()
        self.project = f"glue-local-test-{uuid.uuid4().hex[:8]}"
        self.services, self.knobs = services, knobs
        self._files = [part for name in ("docker-compose.yml", *files) for part in ("--file", name)]
        self.engine = _engine()

    def compose(self, *arguments: str, check: bool = True, seconds: float = 300) -> "subprocess.CompletedProcess[str]":
        """Run one ``docker compose`` command on this project."""
        ports = {"GLUE_LOCAL_PORT": str(self.port), "GLUE_LOCAL_STATUS_PORT": str(self.status_port)}
        done = subprocess.run(
            ["docker", "compose", "--project-name", self.project, "--env-file", os.devnull, *self._files, *arguments],
            cwd=ROOT, env={**os.environ, **ports, **self.knobs}, capture_output=True, text=True, timeout=seconds,
            check=False,
        )  # fmt: skip
        if check:
            assert done.returncode == 0, f"docker compose {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done

    def up(self) -> None:
        self.compose("up", "--wait", "--no-build", *self.services)

    def down(self) -> None:
        self.compose("--profile", "demo", "down", "--volumes", "--timeout", "5")

    def reset(self) -> None:
        # LocalStack keeps nothing over a restart.
        self.compose("restart", "--timeout", "5", "localstack")
        self.up()
        url = f"http://localhost:{self.status_port}/moto-api/reset"
        urllib.request.urlopen(urllib.request.Request(url, method="POST")).close()

    def kill(self, what: str) -> bool:
        if what in CONTAINERS:
            self.kill_container(CONTAINERS[what])
            return True
        if what == "driver":
            return self.run_inside("spark", "python3", "-c", _KILL_DRIVER)[0] == 0
        pid = self.health()["children"].get(what)
        return bool(pid) and self.run_inside("glue", "python3", "-c", _KILL, str(pid))[0] == 0

    def kill_container(self, service: str) -> None:
        """SIGKILL a service's container, and start it again as Compose does with one that crashed."""
        container = self.container(service)
        container.kill()
        container.start()

    def container(self, service: str) -> Container:
        """Return the first container of a service."""
        return self.containers(service)[0]

    def containers(self, service: str) -> list[Container]:
        """Return the running containers of a service."""
        labels = [f"com.docker.compose.project={self.project}", f"com.docker.compose.service={service}"]
        return list(self.engine.containers.list(filters={"label": labels}))

    def run_inside(self, service: str, *command: str) -> tuple[int, str]:
        """Run a command in a service's container; return its exit code and what it printed."""
        code, printed = self.container(service).exec_run(list(command))
        return int(code), printed.decode()

    def health(self) -> dict[str, Any]:
        """Return what the Glue service says of itself."""
        with urllib.request.urlopen(f"http://localhost:{self.status_port}/_glue_local/health") as answer:
            document: dict[str, Any] = json.load(answer)
            return document

    def wait_for(self, condition: Callable[[], Any], seconds: float, what: str) -> Any:
        """Wait as ``wait_until`` does, with the containers' logs where it fails."""
        try:
            return wait_until(condition, seconds, what)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.compose('logs', '--tail', '40', check=False).stdout}") from None


def _engine() -> docker.DockerClient:
    try:
        engine = docker.from_env()
        engine.ping()
    except DockerException as error:
        raise RuntimeError(
            f"Docker does not answer ({error}): start it, then run make test-integration again"
        ) from None
    for name in IMAGES:
        try:
            engine.images.get(name)
        except ImageNotFound:
            raise RuntimeError(
                f"there is no image {name}: make test-integration gets it first, and so does make images; without a registry"
                " make images-offline"
            ) from None
    return engine


def composed(_folder: Path) -> ComposeStack:
    """Return a stack that does not run yet; it keeps its state in volumes, not in a folder."""
    return ComposeStack()
