"""``glue-local up``: the server in the foreground, or detached and waited for."""

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

from glue_local.cli.options import DataDir
from glue_local.cli.refusal import Refusal
from glue_local.cli.running import ENDS_WITH_THE_SERVER, announced, health
from glue_local.containers import engine
from glue_local.prerequisites import connector, java
from glue_local.server import Server, StartupError
from glue_local.settings import DEFAULT_DATA_DIR, DEFAULT_PORT, Settings, from_environment, glue_image, machine

LOG = "server.log"

app = typer.Typer()


class Runtime(str, Enum):
    """Where runs execute."""

    process = "process"
    docker = "docker"


@app.command()
def up(
    port: Annotated[int | None, typer.Option(help=f"Port to listen on; 0 takes a free one.  [default: {DEFAULT_PORT}]")] = None,
    data_dir: DataDir = None,
    runtime: Annotated[Runtime, typer.Option(help="Where runs execute: on this machine, or each in a container of the official Glue image.")] = Runtime.process,
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Return when it is ready; it runs on.")] = False,
) -> None:  # fmt: skip
    """Start the server: one endpoint for every AWS client, with its worker and its delivery."""
    settings = settings_for(port, data_dir, runtime)
    if detach:
        start_detached(settings)
    else:
        serve(settings)


def settings_for(port: int | None, data_dir: Path | None, runtime: Runtime = Runtime.process) -> Settings:
    """Return the settings of a server on this machine; raises Unmet when what its runs need is missing."""
    try:
        settings = from_environment()
    except ValueError as error:
        raise Refusal(str(error)) from None
    children = _in_containers(settings.children) if runtime is Runtime.docker else settings.children
    return replace(
        settings,
        port=settings.port if port is None else port,
        data_dir=data_dir or settings.data_dir,
        children=children,
        child_environment=_spark() if "worker" in children else {},
    )


def _in_containers(children: tuple[str, ...]) -> tuple[str, ...]:
    """Return the children of a server whose runs execute in containers; raises Unmet when Docker cannot do it."""
    name = glue_image()
    if engine.is_stand_in(engine.image(engine.connect(), name)):
        _print(f"{name} is a stand-in: it bears the official image's name and has our awsglue in it.")
    return tuple("containers" if child == "worker" else child for child in children)


def _spark() -> dict[str, str]:
    """Return what a worker on this machine is told of Java and of Spark's connector to S3."""
    here = machine()
    return {
        "JAVA_HOME": str(java.find(here.java_home).home),
        "GLUE_LOCAL_JARS": str(connector.check(here.cache)),
        # Whether they are there is looked up when a job asks for one.
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
            # Short waits: a bare wait() would not let Python handle the signal on every platform.
            while not stopping.wait(0.5):
                pass
            _print("Stopping.")
    except StartupError as error:
        raise Refusal(str(error)) from None


def start_detached(settings: Settings) -> int:
    """Start a server that outlives this command; return its port once it answers. Raises Refusal with its reason."""
    _, port = spawn(settings)
    _announce(f"http://localhost:{port}", settings)
    there = "" if settings.data_dir == DEFAULT_DATA_DIR else f" --data-dir {settings.data_dir}"
    _print(f"Its log: {settings.data_dir / LOG}. Stop it with `glue-local down{there}`.")
    return port


def spawn(settings: Settings) -> "tuple[subprocess.Popen[bytes], int]":
    """Start a server process; return it and its port once it answers. Raises Refusal with the reason it gave."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(f"--data-dir {settings.data_dir}: {error.strerror}: name a folder that can be made") from None
    path = settings.data_dir / LOG
    command = [sys.executable, "-m", "glue_local.cli", "up"]
    with path.open("ab") as log:
        begins = log.tell()
        process = subprocess.Popen(
            [*command, "--port", str(settings.port), "--data-dir", str(settings.data_dir), *_runtime(settings)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C in this terminal is not meant for it.
            start_new_session=True,
        )
    try:
        return process, _await_ready(process, settings.data_dir, path, begins)
    except BaseException:
        # Whoever gives up waiting, by Ctrl-C too, leaves nothing running.
        process.terminate()
        raise


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a server that ``spawn`` started: asked first, killed when it does not."""
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
            raise Refusal(lines[-1].removeprefix("glue-local: ") if lines else f"the server ended at once: see {log}")
        server = announced(data_dir)
        if server and server["pid"] == process.pid and health(server["port"]):
            return int(server["port"])
        time.sleep(0.02)
    raise Refusal(f"the server did not answer within 60 s: see {log}")


def _announce(endpoint: str, settings: Settings) -> None:
    _print(f"glue-local is ready at {endpoint}  (state in {settings.data_dir})")
    _print(f"The rest of AWS is {settings.upstream}." if settings.upstream else ENDS_WITH_THE_SERVER)


def _print(line: str) -> None:
    Console(soft_wrap=True, highlight=False).print(line, markup=False)
    sys.stdout.flush()
