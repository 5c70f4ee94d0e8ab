"""An AWS call as an IAM action on a resource, and a function to read request bodies."""

import io
import re
from typing import Any, NamedTuple

# A run's id is the application id in its User-Agent, which SDKs limit to 50 characters.
SENDER = re.compile(r"\bjr_[0-9a-f]{43}")

UNLISTED = "*"
"""The resource of an action without one, or with an unsupported one."""


class Call(NamedTuple):
    """An action and the resource it was made on."""

    action: str
    resource: str


def body_of(environ: dict[str, Any]) -> bytes:
    """Return a request's body, which stays readable for the service."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body
