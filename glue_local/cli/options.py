"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from glue_local.settings import DEFAULT_DATA_DIR, DEFAULT_PORT

Port = Annotated[int | None, typer.Option(help=f"Port of the local endpoint.  [default: {DEFAULT_PORT}]")]
EndpointUrl = Annotated[str | None, typer.Option(help="The endpoint, instead of --port.")]
DataDir = Annotated[Path | None, typer.Option(help=f"Where the server's state is kept.  [default: {DEFAULT_DATA_DIR}]")]
