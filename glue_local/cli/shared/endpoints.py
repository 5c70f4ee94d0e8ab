"""Find the endpoint that a command talks to: the one that was named, or the server of the data directory."""

from pathlib import Path

from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.server_process import announced
from glue_local.client import clients
from glue_local.settings import Settings, from_environment, names_an_endpoint


def endpoint(port: int | None = None, endpoint_url: str | None = None) -> str:
    """Return the URL of the endpoint.

    The order is: ``endpoint_url``, ``port``, ``AWS_ENDPOINT_URL`` or ``LOCALSTACK_HOST``, the server that runs on the
    data directory (``GLUE_LOCAL_DATA_DIR``), port 4566. Raises CommandError for an invalid setting.
    """
    if endpoint_url or port is not None or names_an_endpoint():
        return clients.endpoint(port, endpoint_url)
    server = announced(settings().data_dir)
    return clients.endpoint(server["port"] if server else None)


def data_directory(given: Path | None) -> Path:
    """Return the data directory: the option's value, or the environment's. Raises CommandError for an invalid setting."""
    return given or settings().data_dir


def settings() -> Settings:
    """Return the settings of the environment; raises CommandError for an invalid one."""
    try:
        return from_environment()
    except ValueError as error:
        raise CommandError(str(error)) from None
