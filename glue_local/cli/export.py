"""``glue-local export``: a stage's resources for teams that deploy with something else."""

import json
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from glue_local.cli.refusal import Refusal
from glue_local.promote import cloudformation, terraform
from glue_local.promote.overlay import Staged, staged
from glue_local.promote.preflight import preflight

app = typer.Typer(add_completion=False)


class Format(str, Enum):
    """What can be written."""

    cloudformation = "cloudformation"
    terraform = "terraform"


# What each is written into, and what writes it.
_WRITTEN: dict[Format, tuple[str, Callable[[Staged], dict[str, Any]]]] = {
    Format.cloudformation: ("template.json", cloudformation.template),
    Format.terraform: ("main.tf.json", terraform.configuration),
}

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html: in a request, and in S3.
_AT_ONCE, _MOST = 51_200, 1_048_576


@app.command(name="export")
def export_command(
    form: Annotated[Format, typer.Argument(metavar="FORMAT", help="cloudformation or terraform")],
    stage: Annotated[str, typer.Argument(help="A stage of glue-local.yaml.")],
    file: Annotated[Path, typer.Option("--file", "-f", help="The definitions.")] = Path("glue-local.yaml"),
    out: Annotated[Path, typer.Option("--out", help="A folder for the template and the scripts.")] = Path("export"),
) -> None:
    """Write a template of a stage's resources, and the scripts below the keys that it expects them at."""
    wanted = staged(file, stage)
    refused = preflight(wanted)
    if refused:
        raise Refusal("\n".join(["nothing is written:", *(f"  {each}" for each in refused)]))
    name, template = _WRITTEN[form]
    text = json.dumps(template(wanted), indent=2) + "\n"
    size = len(text.encode())
    if form is Format.cloudformation and size > _MOST:
        raise Refusal(f"the template has {size:,} bytes, and CloudFormation takes {_MOST:,}: split the project")
    out.mkdir(parents=True, exist_ok=True)
    path = out / name
    path.write_text(text)
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{path}: {form.value}, for account {wanted.stage.account} in {wanted.stage.region}", markup=False)
    if form is Format.cloudformation and size > _AT_ONCE:
        said = f"{path} has {size:,} bytes; CloudFormation takes more than {_AT_ONCE:,} from S3 only (--template-url)"
        console.print(f"{said}: aws cloudformation deploy --s3-bucket BUCKET uploads it", style="yellow", markup=False)
    for script in (each for each in wanted.resources if each.kind == "scripts"):
        target = out / script.request["Bucket"] / script.request["Key"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(script.request["Body"])
    buckets = sorted({each.request["Bucket"] for each in wanted.resources if each.kind == "scripts"})
    for bucket in buckets:
        console.print(f"before jobs run: aws s3 sync {out / bucket} s3://{bucket}", markup=False)
