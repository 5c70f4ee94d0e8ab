"""``glue-local up``: run the server in the foreground, or start it in the background."""

import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import DataDir
from glue_local.cli.shared.server_process import IN_MEMORY_NOTE, announced, health
from glue_local.containers import engine
from glue_local.data_directory import StartupError
from glue_local.prerequisites import connector, java
from glue_local.server import Server
from glue_local.settings import DEFAULT_DATA_DIR, DEFAULT_PORT, Settings, from_environment, glue_image, machine

LOG = "server.log"

app = typer.Typer(add_completion=False)


class Runtime(str, Enum):
    """Where runs execute."""

    process = "process"
    docker = "docker"


@app.command()
def up(
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 picks a free port.", show_default=str(DEFAULT_PORT))] = None,
    data_dir: DataDir = None,
    runtime: Annotated[Runtime, typer.Option(help="Execute runs as processes on this machine, or each in a container of the official Glue image.")] = Runtime.process,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Start the server in the background and return once it is ready.")] = False,
) -> None:  # fmt: skip
    """Start the server: one endpoint for all AWS clients, with its worker and delivery processes."""
    settings = settings_for(port, data_dir, runtime)
    if detach:
        start_detached(settings)
    else:
        serve(settings)


def settings_for(port: int | None, data_dir: Path | None, runtime: Runtime = Runtime.process) -> Settings:
    """Return the settings of a server on this machine; raises Unmet if a prerequisite of its runs is missing."""
    try:
        settings = from_environment()
    except ValueError as error:
        raise CommandError(str(error)) from None
    children = _in_containers(settings.children) if runtime is Runtime.docker else settings.children
    return replace(
        settings,
        port=settings.port if port is None else port,
        data_dir=data_dir or settings.data_dir,
        children=children,
        child_environment=_spark() if "worker" in children else {},
    )


def _in_containers(children: tuple[str, ...]) -> tuple[str, ...]:
    """Replace the worker by one that runs jobs in containers; raises Unmet if Docker or the image is missing."""
    name = glue_image()
    if engine.is_stand_in(engine.image(engine.connect(), name)):
        _print(f"{name} is a stand-in: it has the official image's name but contains this project's awsglue.")
    return tuple("containers" if child == "worker" else child for child in children)


def _spark() -> dict[str, str]:
    """Return the environment variables that point a local worker to Java and to Spark's S3 connector."""
    here = machine()
    return {
        "JAVA_HOME": str(java.find(here.java_home).home),
        "GLUE_LOCAL_JARS": connector.class_path(here.cache),
        "GLUE_LOCAL_CLASS_ARCHIVES": str(here.cache / "class-archives"),
        # Checked only when a job asks for a table format.
        "GLUE_LOCAL_TABLE_FORMATS": connector.table_formats(here.cache),
    }


def serve(settings: Settings) -> None:
    """Run a server until SIGINT or SIGTERM."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with Server(settings) as server:
            _announce(server.endpoint, settings)
            # Wait in short steps: on some platforms a wait without timeout keeps Python from handling signals.
            while not stopping.wait(0.5):
                pass
            _print("Stopping.")
    except StartupError as error:
        raise CommandError(str(error)) from None


def start_detached(settings: Settings) -> int:
    """Start a server in the background; return its port once it responds. Raises CommandError if it does not start."""
    _, port = spawn(settings)
    _announce(f"http://localhost:{port}", settings)
    there = "" if settings.data_dir == DEFAULT_DATA_DIR else f" --data-dir {settings.data_dir}"
    _print(f"Log file: {settings.data_dir / LOG}. Stop the server with `glue-local down{there}`.")
    return port


def spawn(settings: Settings) -> "tuple[subprocess.Popen[bytes], int]":
    """Start a server process; return it and its port once it responds. Raises CommandError with the server's error."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(
            f"cannot create --data-dir {settings.data_dir} ({error.strerror}): choose another folder"
        ) from None
    path = settings.data_dir / LOG
    command = [sys.executable, "-m", "glue_local.cli", "up"]
    with path.open("ab") as log:
        begins = log.tell()
        process = subprocess.Popen(
            [*command, "--port", str(settings.port), "--data-dir", str(settings.data_dir), *_runtime(settings)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Keep Ctrl-C in this terminal from reaching it.
            start_new_session=True,
        )
    try:
        return process, _await_ready(process, settings.data_dir, path, begins)
    except BaseException:
        # Leave nothing running if waiting fails or is interrupted.
        process.terminate()
        raise


def end(process: "subprocess.Popen[bytes]") -> None:
    """Stop a server that ``spawn`` started: terminate it, and kill it if it does not exit."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _runtime(settings: Settings) -> tuple[str, ...]:
    return ("--runtime", "docker") if "containers" in settings.children else ()


def _await_ready(process: "subprocess.Popen[bytes]", data_dir: Path, log: Path, begins: int) -> int:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            lines = log.read_bytes()[begins:].decode(errors="replace").strip().splitlines()
            raise CommandError(
                lines[-1].removeprefix("glue-local: ") if lines else f"the server exited immediately: see {log}"
            )
        server = announced(data_dir)
        if server and server["pid"] == process.pid and health(server["port"]):
            return int(server["port"])
        time.sleep(0.02)
    raise CommandError(f"the server did not respond within 60 s: see {log}")


def _announce(endpoint: str, settings: Settings) -> None:
    _print(f"glue-local is ready at {endpoint}  (state in {settings.data_dir})")
    _print(f"Other AWS services are forwarded to {settings.upstream}." if settings.upstream else IN_MEMORY_NOTE)


def _print(line: str) -> None:
    Console(soft_wrap=True, highlight=False, emoji=False).print(line, markup=False)
    sys.stdout.flush()
