"""``glue-local export``: write a stage as a template, for teams that deploy with another tool."""

import json
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from glue_local.cli.shared.error_messages import CommandError
from glue_local.promote.checks import preflight
from glue_local.promote.definition.overlay import Staged, staged
from glue_local.promote.export import cloudformation, terraform

app = typer.Typer(add_completion=False)


class Format(str, Enum):
    """The template languages."""

    cloudformation = "cloudformation"
    terraform = "terraform"


# The file name of each format and the function that renders it.
_FORMATS: dict[Format, tuple[str, Callable[[Staged], dict[str, Any]]]] = {
    Format.cloudformation: ("template.json", cloudformation.template),
    Format.terraform: ("main.tf.json", terraform.configuration),
}

# Size limits in a request and in S3: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_INLINE_LIMIT, _S3_LIMIT = 51_200, 1_048_576


@app.command(name="export")
def export_command(
    form: Annotated[Format, typer.Argument(metavar="FORMAT", help="cloudformation or terraform")],
    stage: Annotated[str, typer.Argument(help="Stage in glue-local.yaml.")],
    file: Annotated[Path, typer.Option("--file", "-f", help="Definitions file.")] = Path("glue-local.yaml"),
    out: Annotated[Path, typer.Option("--out", help="Folder for the template and the scripts.")] = Path("export"),
) -> None:
    """Write a stage's resources as a template, and its scripts under the S3 keys that the template refers to."""
    wanted = staged(file, stage)
    refused = preflight(wanted)
    if refused:
        raise CommandError("\n".join(["nothing was written:", *(f"  {each}" for each in refused)]))
    name, template = _FORMATS[form]
    text = json.dumps(template(wanted), indent=2) + "\n"
    size = len(text.encode())
    if form is Format.cloudformation and size > _S3_LIMIT:
        raise CommandError(
            f"the template has {size:,} bytes, more than CloudFormation's limit of {_S3_LIMIT:,}: split the project"
        )
    out.mkdir(parents=True, exist_ok=True)
    path = out / name
    path.write_text(text)
    console = Console(soft_wrap=True, highlight=False, emoji=False)
    console.print(f"{path}: {form.value}, for account {wanted.stage.account} in {wanted.stage.region}", markup=False)
    if form is Format.cloudformation and size > _INLINE_LIMIT:
        size_note = (
            f"{path} has {size:,} bytes; CloudFormation reads more than {_INLINE_LIMIT:,} only from S3 (--template-url)"
        )
        console.print(
            f"{size_note}: deploy it with `aws cloudformation deploy --s3-bucket BUCKET`", style="yellow", markup=False
        )
    for script in (each for each in wanted.resources if each.kind == "scripts"):
        target = out / script.request["Bucket"] / script.request["Key"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(script.request["Body"])
    buckets = sorted({each.request["Bucket"] for each in wanted.resources if each.kind == "scripts"})
    for bucket in buckets:
        console.print(f"upload the scripts before running jobs: aws s3 sync {out / bucket} s3://{bucket}", markup=False)
