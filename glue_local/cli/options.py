"""The options that several commands share."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from glue_local.settings import DEFAULT_DATA_DIR, DEFAULT_PORT


def _url(value: str | None) -> str | None:
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise typer.BadParameter(f"{value!r} is no URL like http://localhost:{DEFAULT_PORT}")
    return value


Port = Annotated[
    int | None, typer.Option(min=1, max=65535, help=f"Port of the local endpoint.  [default: {DEFAULT_PORT}]")
]
EndpointUrl = Annotated[str | None, typer.Option(callback=_url, help="The endpoint, instead of --port.")]
DataDir = Annotated[Path | None, typer.Option(help=f"Where the server's state is kept.  [default: {DEFAULT_DATA_DIR}]")]
