"""What a person is told when a command cannot do its work: one line, with the fix, on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    LoginError,
    NoCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
    WaiterError,
)
from rich.console import Console

from glue_local.clients import of_aws
from glue_local.prerequisites import Unmet
from glue_local.promote.document import DefinitionError
from glue_local.promote.kinds import Failed


class Refusal(Exception):
    """The command stops here; the message is for the person."""


@contextmanager
def in_one_line() -> Iterator[None]:
    """Turn the faults that a person can mend into one line and exit code 1."""
    try:
        yield
    except (Refusal, Unmet, DefinitionError, Failed) as refusal:
        _say(str(refusal))
    except (ProfileNotFound, NoCredentialsError) as error:
        _say(f"{error}: sign in, or say --profile NAME, or --no-profile where the credentials are found otherwise")
    except (SSOError, LoginError, TokenRetrievalError, CredentialRetrievalError) as error:
        _say(f"{_line(error)}: sign in again (aws sso login)")
    except (EndpointConnectionError, ConnectTimeoutError, ConnectionClosedError) as error:
        _say(_unreachable(error.kwargs.get("endpoint_url", "the endpoint")))
    except (WaiterError, TimeoutError) as error:
        _say(f"{error}: what was done stays; run it again to go on")
    except ClientError as error:
        detail = error.response["Error"]
        _say(f"{error.operation_name}: {detail.get('Message') or detail['Code']} ({detail['Code']})")
    except BotoCoreError as error:
        _say(f"{_line(error)}: what was done stays; run it again to go on")


def _unreachable(url: str) -> str:
    # A path of the request may follow the endpoint itself.
    endpoint = "/".join(url.rstrip("/").split("/")[:3])
    if of_aws(endpoint):
        return f"{endpoint} cannot be reached: look at the network, the proxy and the region"
    return f"no glue-local at {endpoint}: start one with `glue-local up`"


def _line(error: Exception) -> str:
    """Return what botocore says, which may be several lines."""
    return " ".join(str(error).split()).rstrip(".")


def _say(message: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"glue-local: {message}", style="red", markup=False)
    raise typer.Exit(1)
