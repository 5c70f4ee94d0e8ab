"""Turn the errors a user can fix into one line on standard error, with the fix."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from botocore import exceptions
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    WaiterError,
)
from rich.console import Console

from glue_local.client.clients import of_aws
from glue_local.prerequisites import Unmet
from glue_local.promote.definition.document import DefinitionError
from glue_local.promote.kinds import Failed

# By name: LoginError, that of `aws login`, came with botocore 1.41.
_SIGNED_OUT: tuple[type[Exception], ...] = tuple(
    getattr(exceptions, name)
    for name in ("SSOError", "LoginError", "TokenRetrievalError", "CredentialRetrievalError")
    if hasattr(exceptions, name)
)


class CommandError(Exception):
    """An error that ends the command; its message is shown to the user as it is."""


@contextmanager
def report_errors() -> Iterator[None]:
    """Print an error that the user can fix as one line, and exit with code 1."""
    try:
        yield
    except (CommandError, Unmet, DefinitionError, Failed) as error:
        _fail(str(error))
    except (ProfileNotFound, NoCredentialsError) as error:
        _fail(f"{error}: sign in, pass --profile NAME, or pass --no-profile to use the default credential chain")
    except _SIGNED_OUT as error:
        _fail(f"{_line(error)}: sign in again (aws sso login)")
    except (EndpointConnectionError, ConnectTimeoutError, ConnectionClosedError) as error:
        _fail(_unreachable(error.kwargs.get("endpoint_url", "the endpoint")))
    except (WaiterError, TimeoutError) as error:
        _fail(f"{error}: completed steps were kept; run the command again to continue")
    except ClientError as error:
        detail = error.response["Error"]
        _fail(f"{error.operation_name}: {detail.get('Message') or detail['Code']} ({detail['Code']})")
    except BotoCoreError as error:
        _fail(f"{_line(error)}: completed steps were kept; run the command again to continue")


def _unreachable(url: str) -> str:
    # botocore may report the request's whole URL: keep scheme and host.
    endpoint = "/".join(url.rstrip("/").split("/")[:3])
    if of_aws(endpoint):
        return f"cannot reach {endpoint}: check the network, the proxy and the region"
    return f"no glue-local server at {endpoint}: start one with `glue-local up`"


def _line(error: Exception) -> str:
    """Return botocore's message, which may span several lines, as one line."""
    return " ".join(str(error).split()).rstrip(".")


def _fail(message: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False, emoji=False).print(
        f"glue-local: {message}", style="red", markup=False
    )
    raise typer.Exit(1)
