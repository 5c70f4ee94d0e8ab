"""``glue-local init``: make a working project in an empty folder."""

import re
from pathlib import Path
from typing import Annotated

import typer

from glue_local.cli.shared.error_messages import CommandError

_TEMPLATE = Path(__file__).parent / "new_project"
_NAME = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
_PLACEHOLDER = "my-project"

app = typer.Typer(add_completion=False)


@app.command(name="init")
def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the project; created if it does not exist.")] = Path(),
    name: Annotated[str | None, typer.Option(help="Name of the project; its buckets begin with it.", show_default="the folder's")] = None,
) -> None:  # fmt: skip
    """Make a working project: a job, its definition and test, sample data, a state machine and glue-local.yaml."""
    project = name if name is not None else _name_of(folder)
    if not _NAME.fullmatch(project):
        raise CommandError(
            f"{project!r} cannot be the name of a project, because buckets begin with it: pass --name with 3 to 40"
            " lower-case letters, digits and dashes"
        )
    files = {_target(folder, each): each for each in sorted(_TEMPLATE.rglob("*")) if _is_part(each)}
    if there := [str(file) for file in files if file.exists()]:
        raise CommandError(f"{', '.join(there)} already exists: choose another folder (`glue-local init FOLDER`)")
    try:
        for file, source in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_named(source.read_text(encoding="utf-8"), project), encoding="utf-8")
            print(file)
    except OSError as error:
        raise CommandError(f"cannot write to {folder}: {error.strerror}") from None
    inside = "" if folder == Path() else f"cd {folder}, then "
    print(f"\nNext: {inside}glue-local up --detach, glue-local provision, glue-local run jobs/daily_totals.py --watch")


def _is_part(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts


def _target(folder: Path, source: Path) -> Path:
    relative = source.relative_to(_TEMPLATE)
    # Named without its dot, so that it does not apply to this repository.
    return folder / (".gitignore" if relative.name == "gitignore" else relative)


def _name_of(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")


def _named(text: str, project: str) -> str:
    # Names in the Data Catalog and of state machines have no dashes.
    return text.replace(_PLACEHOLDER, project).replace(_PLACEHOLDER.replace("-", "_"), project.replace("-", "_"))
