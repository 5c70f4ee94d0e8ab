"""S3, Kinesis, Step Functions and the rest of AWS: moto in our own process, or an upstream such as LocalStack."""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from werkzeug.serving import WSGIRequestHandler

from glue_local.core.wsgi import WsgiApplication

PRETENDED = {"athena": "Athena", "elasticmapreduce": "EMR", "emr-serverless": "EMR Serverless"}
"""Services by signing name that moto answers without doing the work: SUCCEEDED, and nobody executed anything."""

RESET = "/moto-api/reset"


class Backend(NamedTuple):
    """One answer to the requests that are not ours."""

    application: Callable[[int], WsgiApplication]
    """Makes the application, told the port that our server listens on."""
    request_handler: type[WSGIRequestHandler]
    """How the HTTP server in front reads requests."""
    close: Callable[[], None] = lambda: None
    """What is to be done when the server ends."""


def backend(upstream: str) -> Backend:
    """Return the backend that answers for ``upstream``, a URL, or for the process itself where it is empty.

    Only the chosen one is imported: moto takes half a second, and the container of Compose does without.
    """
    if upstream:
        made: Backend = import_module("glue_local.backend.upstream").upstream(upstream)
        return made
    embedded: Backend = import_module("glue_local.backend.embedded").embedded()
    return embedded


def reset_too(application: WsgiApplication, reset: Callable[[], None]) -> WsgiApplication:
    """Make moto's ``POST /moto-api/reset`` call ``reset`` as well, so that one request empties everything."""

    def resetting(environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("PATH_INFO") == RESET and environ.get("REQUEST_METHOD") == "POST":
            reset()
        return application(environ, start_response)

    return resetting
