"""What a person is told when a command cannot do its work: one line, with the fix, on standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    WaiterError,
)
from rich.console import Console

from glue_local.prerequisites import Unmet
from glue_local.promote.document import DefinitionError


class Refusal(Exception):
    """The command stops here; the message is for the person."""


@contextmanager
def in_one_line() -> Iterator[None]:
    """Turn the faults that a person can mend into one line and exit code 1."""
    try:
        yield
    except (Refusal, Unmet, DefinitionError) as refusal:
        _say(str(refusal))
    except (ProfileNotFound, NoCredentialsError) as error:
        _say(f"{error}: sign in, or name another profile: in the stage")
    except (EndpointConnectionError, ConnectionClosedError) as error:
        url = error.kwargs.get("endpoint_url", "the endpoint").rstrip("/")
        # A path of the request may follow the endpoint itself.
        _say(f"no glue-local at {'/'.join(url.split('/')[:3])}: start one with `glue-local up`")
    except (WaiterError, TimeoutError) as error:
        _say(f"{error}: what was done stays; run it again to go on")
    except ClientError as error:
        detail = error.response["Error"]
        _say(f"{error.operation_name}: {detail.get('Message') or detail['Code']} ({detail['Code']})")


def _say(message: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"glue-local: {message}", style="red", markup=False)
    raise typer.Exit(1)
