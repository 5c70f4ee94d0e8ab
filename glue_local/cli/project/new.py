"""``glue-local new``: write a job's script and definition, and add both to glue-local.yaml."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
import yaml
from rich.console import Console

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.suggestions import databases, suggesting, tables
from glue_local.client.clients import REGION, local
from glue_local.promote.definition.desired import Resource, desired, project
from glue_local.promote.definition.document import Written

FORMATS = ("parquet", "json", "csv", "orc", "avro")
_NAME = re.compile(r"[A-Za-z0-9_-]+\Z", re.ASCII)
_ACCOUNT = "000000000000"
_LISTS = ("scripts", "jobs")

app = typer.Typer(help="Write the files of a new job.", no_args_is_help=True, add_completion=False)


class _Job(NamedTuple):
    """A job's name, its role, and the S3 location of its script."""

    name: str
    role: str
    location: str


@app.callback()
def _new() -> None:
    """Write the files of a new job."""


@app.command()
def job(
    name: Annotated[str, typer.Argument(help="Name of the job and of its files: jobs/NAME.py and jobs/NAME.yaml.")],
    source: Annotated[str, typer.Option("--from", metavar="DATABASE.TABLE", help="Table of the Data Catalog that the job reads.")],
    target: Annotated[str, typer.Option("--to", metavar="S3_URI", help="Where it writes: s3://BUCKET/PREFIX/, or DATABASE.TABLE.")],
    written: Annotated[str, typer.Option("--format", help=f"Format of the files in S3: {', '.join(FORMATS)}.")] = FORMATS[0],
    partition_by: Annotated[list[str] | None, typer.Option(metavar="COLUMN", help="A column that partitions the files in S3; repeatable.")] = None,
    role: Annotated[str | None, typer.Option(help="The job's IAM role.", show_default="that of the project's other jobs")] = None,
    scripts: Annotated[str | None, typer.Option(metavar="S3_URI", help="Folder of the script in S3.", show_default="that of the project's first script")] = None,
    file: Annotated[Path, typer.Option("--file", "-f", help="Definitions file.")] = Path("glue-local.yaml"),
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:  # fmt: skip
    """Write a Glue job that copies a table, to start from: Glue generates its script (GetMapping and GetPlan)."""
    resources = desired(file, REGION, _ACCOUNT)
    new = _Job(name, role or _role(resources), f"{_folder(scripts or _scripts(resources))}{name}.py")
    paths = [file.parent / "jobs" / f"{name}{suffix}" for suffix in (".py", ".yaml")]
    _check(new, resources, paths)
    lines = (
        f"- {{Source: jobs/{name}.py, Destination: {new.location}}}",
        f"- jobs/{name}.yaml",
    )
    definitions = _with_elements(file, dict(zip(_LISTS, lines, strict=True)))
    glue = local("glue", endpoint_url=endpoint(port, endpoint_url))
    script = _script(glue, source, target, written, partition_by or [])
    paths[0].parent.mkdir(exist_ok=True)
    for path, text in zip((*paths, file), (script, _definition(new, source, target), definitions), strict=True):
        path.write_text(text)
    desired(file, REGION, _ACCOUNT)
    console = Console(highlight=False, emoji=False)
    console.print(f"wrote {paths[0]} and {paths[1]}, and added them to {file}", soft_wrap=True)
    console.print(f"next: glue-local provision && glue-local run {name}", soft_wrap=True)


def _script(glue: Any, source: str, target: str, written: str, partition_by: list[str]) -> str:
    table = _table(source, "--from")
    sinks: list[dict[str, str]] = []
    location: dict[str, Any] = {}
    if target.startswith("s3://"):
        if written not in FORMATS:
            raise CommandError(f"--format {written} is unknown: choose one of {', '.join(FORMATS)}")
        arguments = {"path": _folder(target), "format": written}
        if partition_by:
            arguments["partitionKeys"] = repr(partition_by)
        location = {"S3": [{"Name": key, "Value": value} for key, value in arguments.items()]}
    else:
        sinks = [_table(target, "--to")]
        if partition_by:
            raise CommandError(
                f"--partition-by is for files in S3: the columns that partition {target} are in its definition"
            )
    for named, each in [(source, table), *((target, sink) for sink in sinks)]:
        _check_table(glue, named, each["DatabaseName"], each["TableName"])
    mapping = glue.get_mapping(Source=table, Sinks=sinks)["Mapping"]
    unknown = set(partition_by) - {entry["TargetPath"] for entry in mapping}
    if unknown:
        raise CommandError(f"--partition-by {min(unknown)}: {source} has no such column")
    if not mapping:
        raise CommandError(f"{source} has no columns" + (f" in common with {target}" if sinks else ""))
    return str(glue.get_plan(Mapping=mapping, Source=table, Sinks=sinks, Location=location)["PythonScript"])


def _check_table(glue: Any, named: str, database: str, table: str) -> None:
    hint = "`glue-local tables` lists the tables"
    with suggesting("database", database, lambda: databases(glue), hint):
        glue.get_database(Name=database)
    with suggesting("table", named, lambda: [f"{database}.{each}" for each in tables(glue, database)], hint):
        glue.get_table(DatabaseName=database, Name=table)


def _definition(new: _Job, source: str, target: str) -> str:
    request = {
        "Name": new.name,
        "Description": f"Copies {source} to {target}",
        "Role": new.role,
        "GlueVersion": "5.0",
        "WorkerType": "G.1X",
        "NumberOfWorkers": 2,
        "Command": {"Name": "glueetl", "PythonVersion": "3", "ScriptLocation": new.location},
        "MaxRetries": 0,
        "Timeout": 60,
    }
    return "# CreateJob's request.\n" + yaml.safe_dump(request, sort_keys=False, allow_unicode=True, width=1000)


def _table(text: str, option: str) -> dict[str, str]:
    database, period, table = text.partition(".")
    if not (database and period and table):
        raise CommandError(f"{option} {text} does not name a table: write {option} DATABASE.TABLE")
    return {"DatabaseName": database, "TableName": table}


def _folder(uri: str) -> str:
    if not re.match(r"s3://[^/]+", uri):
        raise CommandError(f"{uri} is not a location in S3: write s3://BUCKET/PREFIX/")
    return f"{uri.rstrip('/')}/"


def _check(new: _Job, resources: Iterable[Resource], paths: Iterable[Path]) -> None:
    if not _NAME.match(new.name):
        raise CommandError(f"{new.name} cannot be the name of a file: use letters, digits, - and _")
    if any(each.kind == "jobs" and each.name == new.name for each in resources):
        raise CommandError(f"the project has a job {new.name} already")
    for path in paths:
        if path.exists():
            raise CommandError(f"{path} exists already: remove it, or use another name")


def _role(resources: Iterable[Resource]) -> str:
    roles = {each.request["Role"] for each in resources if each.kind == "jobs"}
    if len(roles) != 1:
        raise CommandError(f"the project's jobs have {'several roles' if roles else 'no role'}: pass --role NAME")
    return str(roles.pop())


def _scripts(resources: Iterable[Resource]) -> str:
    for each in resources:
        if each.kind == "scripts":
            return each.name.rpartition("/")[0]
    raise CommandError("the project has no scripts: pass --scripts s3://BUCKET/PREFIX/")


def _with_elements(file: Path, added: dict[str, str]) -> str:
    """Return the text of a definitions file with one more element, already YAML, in each of its lists."""
    document = project(file).written
    lines = file.read_text().splitlines()
    places = [_place(document, key, element) for key, element in added.items()]
    # From the end, so that earlier line numbers stay right.
    for line, new in sorted((place for place in places if place), reverse=True):
        lines.insert(line, new)
    for (key, element), place in zip(added.items(), places, strict=True):
        if place is None:
            lines += ["", f"{key}:", f"  {element}"]
    return "\n".join(lines) + "\n"


def _place(document: Written, key: str, element: str) -> tuple[int, str] | None:
    """Return after how many lines the element of a list belongs, and its line; None if there is no such list."""
    node = next((value for name, value in document.node.value if name.value == key), None)
    if node is None:
        return None
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise CommandError(f"cannot add to {key} in {document.file}: write its elements on lines that begin with -")
    return _last_line(node), " " * node.start_mark.column + element


def _last_line(node: yaml.Node) -> int:
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    # A block of text ends at the beginning of the next line.
    return int(node.end_mark.line + (1 if node.end_mark.column else 0))
