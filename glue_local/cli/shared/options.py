"""Options that several commands share."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from glue_local.settings import DEFAULT_DATA_DIR, DEFAULT_PORT


def url_option(value: str | None) -> str | None:
    """Check the value of an option that is a URL."""
    if value and (urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname):
        raise typer.BadParameter(f"{value!r} is not a URL such as http://localhost:{DEFAULT_PORT}")
    return value


Port = Annotated[
    int | None,
    typer.Option(min=1, max=65535, help="Port of the local endpoint.", show_default=str(DEFAULT_PORT)),
]
EndpointUrl = Annotated[str | None, typer.Option(callback=url_option, help="URL of the endpoint, instead of --port.")]
DataDir = Annotated[
    Path | None, typer.Option(help="Folder for the server's state.", show_default=str(DEFAULT_DATA_DIR))
]
