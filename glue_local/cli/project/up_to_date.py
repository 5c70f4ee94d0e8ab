"""Bring a job on the server up to date with its files on disk, so that no stale script runs silently."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console

from glue_local.cli.project.job_files import JobFiles, of_job, of_script
from glue_local.cli.project.sources import source_of
from glue_local.cli.shared.error_messages import CommandError
from glue_local.client.clients import REGION, local
from glue_local.promote.apply.provision import UNCHANGED, provision
from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.document import DefinitionError
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.plan.differences import differences


@dataclass(frozen=True)
class Target:
    """What to run: a job's name, or the path of its script; ``file`` is the project's definitions file."""

    given: str
    file: Path

    @property
    def is_script(self) -> bool:
        """Whether it is the path of a script."""
        return self.given.endswith(".py")

    @property
    def script(self) -> Path:
        """The path of the script."""
        return Path(self.given)


def bring_up_to_date(target: Target, url: str, console: Console) -> str:
    """Upload what changed of a job's files and say so; return the job's name.

    A script's job is created or updated; the definition of a job that is given by its name is compared only. Raises
    CommandError and DefinitionError.
    """
    account = _account(url)
    if target.is_script:
        return _of_script(of_script(target.script, target.file), account, console)
    try:
        found = of_job(target.given, target.file)
    except DefinitionError as error:
        _warn(console, f"{error}\n{target.given} runs with the script that was uploaded last")
        return target.given
    there = _job(account, target.given)
    if there is None:
        return target.given  # Running it reports that it does not exist.
    location = there.get("Command", {}).get("ScriptLocation", "")
    if found:
        if found.job.request["Command"].get("ScriptLocation") == location:
            _apply(found.needs, account, console)
        if _differs(found.job, account):
            _warn(
                console, f"{found.job.place.file} differs from the job on the server: `glue-local provision` updates it"
            )
    elif source := source_of(account.clients("s3"), location):
        files = of_script(source, target.file)
        if files.job.name == target.given:
            _apply(files.needs, account, console)
    return target.given


def files_of(target: Target, url: str) -> tuple[Path, ...]:
    """Return the files on disk that a job is made of; raises CommandError if none are known."""
    known = (target.script, target.script.with_suffix(".yaml"), target.file)
    try:
        if target.is_script:
            return (*of_script(target.script, target.file).files, *known)
        found = of_job(target.given, target.file)
        if found:
            return (*found.files, target.file)
    except (DefinitionError, CommandError):
        return known
    account = _account(url)
    location = (_job(account, target.given) or {}).get("Command", {}).get("ScriptLocation", "")
    if source := source_of(account.clients("s3"), location):
        return (source, source.with_suffix(".yaml"))
    raise CommandError(
        f"the script of {target.given} is not known, so that it cannot be watched: list it under scripts: in {target.file},"
        " or pass the script's path"
    )


def _of_script(files: JobFiles, account: Account, console: Console) -> str:
    name = files.job.name
    there = _job(account, name)
    mine = files.job.request["Command"].get("ScriptLocation")
    theirs = there and there.get("Command", {}).get("ScriptLocation")
    if files.by_default and theirs and theirs != mine:
        raise CommandError(
            f"a job {name} with another script exists ({theirs}): rename the file, or write its definition beside it"
            f" ({Path(name).with_suffix('.yaml')}) with another Name"
        )
    _apply(files.resources, account, console)
    return name


def _apply(resources: Iterable[Resource], account: Account, console: Console) -> None:
    for resource, outcome in provision(resources, account):
        if outcome != UNCHANGED:
            console.print(f"{resource.singular} {resource.name}: {outcome}", style="dim", soft_wrap=True, markup=False)


def _account(url: str) -> Account:
    client = cache(lambda service: local(service, endpoint_url=url))
    return Account(client, REGION, str(client("sts").get_caller_identity()["Account"]))


def _job(account: Account, name: str) -> dict[str, Any] | None:
    found = KINDS["jobs"].read(account, {"Name": name})
    return found.attributes if found else None


def _differs(job: Resource, account: Account) -> bool:
    there = KINDS["jobs"].read(account, job.request)
    return there is not None and bool(differences(KINDS["jobs"], job.request, there))


def _warn(console: Console, text: str) -> None:
    console.print(text, style="yellow", soft_wrap=True, markup=False)
