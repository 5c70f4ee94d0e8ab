"""The stack in containers: docker-compose.yml with its own project name and ports."""

import json
import os
import subprocess
import urllib.request
import uuid
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import docker
from docker.errors import DockerException, ImageNotFound
from docker.models.containers import Container

from glue_local import settings
from tests.e2e.stack import ROOT, Stack, free_port, wait_until

IMAGES = settings.stack(version("glue-local"), os.environ).images
SERVICES = ("localstack", "glue", "spark")
DELIVERY = "traffic-raw-delivery"
CONTAINERS = {"worker": "spark", "server": "glue"}

# Executed inside the container, because the process ids are those of the container.
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
    if "glue_local.worker.drivers.spark_main" in command and command[command.index("glue_local.worker.drivers.spark_main") + 1] in begun:
        os.kill(int(process.name), 9)
        sys.exit(0)
sys.exit(3)
"""


class ComposeStack(Stack):
    """LocalStack, the Glue service and Spark workers, without the live feed, whose events would mix with the tests'.

    ``files`` are further Compose files, ``services`` what ``up`` starts (all that Compose does, if empty), ``knobs`` those
    of .env.example.
    """

    def __init__(self, *files: str, services: tuple[str, ...] = SERVICES, **knobs: str) -> None:
        self.port, self.status_port = free_port(), free_port()
        self.project = f"glue-local-test-{uuid.uuid4().hex[:8]}"
        self.services, self.knobs = services, knobs
        self._files = [part for name in ("docker-compose.yml", *files) for part in ("--file", name)]
        self.engine = _engine()
        self._is_new = True

    def compose(self, *arguments: str, check: bool = True, seconds: float = 300) -> "subprocess.CompletedProcess[str]":
        """Run a ``docker compose`` command on this project."""
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

    def empty(self) -> None:
        if not self._is_new:
            super().empty()
        self._is_new = False

    def provision(self) -> None:
        super().provision()
        # A short buffering interval, so that the tests do not wait for Firehose each time they run the workflow.
        firehose = self.client("firehose")
        found = firehose.describe_delivery_stream(DeliveryStreamName=DELIVERY)["DeliveryStreamDescription"]
        firehose.update_destination(
            DeliveryStreamName=DELIVERY,
            CurrentDeliveryStreamVersionId=found["VersionId"],
            DestinationId=found["Destinations"][0]["DestinationId"],
            ExtendedS3DestinationUpdate={"BufferingHints": {"IntervalInSeconds": 1, "SizeInMBs": 64}},
        )

    def reset(self) -> None:
        # LocalStack loses everything in a restart.
        self.compose("restart", "--timeout", "0", "localstack")
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
        """Kill a service's container with SIGKILL and start it again, as Compose does after a crash."""
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
        """Run a command in a service's container; return its exit code and output."""
        code, printed = self.container(service).exec_run(list(command))
        return int(code), printed.decode()

    def health(self) -> dict[str, Any]:
        """Return the Glue service's health document."""
        with urllib.request.urlopen(f"http://localhost:{self.status_port}/_glue_local/health") as answer:
            document: dict[str, Any] = json.load(answer)
            return document

    def wait_for(self, condition: Callable[[], Any], seconds: float, what: str) -> Any:
        """Wait like ``wait_until``, and include the containers' logs in a failure."""
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
            f"Docker does not respond ({error}): start it, then run make test-integration again"
        ) from None
    for name in IMAGES:
        try:
            engine.images.get(name)
        except ImageNotFound:
            raise RuntimeError(
                f"image {name} is missing: run make images, which make test-integration does too,"
                " or make images-offline without a registry"
            ) from None
    return engine
