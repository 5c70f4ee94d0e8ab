"""Types shared by the WSGI middleware: an application, and the caller of a request."""

from collections.abc import Callable
from typing import Any, NamedTuple

WsgiApplication = Callable[[dict[str, Any], Any], Any]

CALLER = "glue_local.caller"
"""The key of the ``Caller`` in a WSGI environment, once the middleware has identified it."""


XML_SERVICES = frozenset(("s3", ""))
"""Signing names of services with XML protocols; an unsigned request (empty name) reads an S3 object."""


class Caller(NamedTuple):
    """The account and region of a request, and the service name and access key in its signature (empty if unsigned)."""

    account: str
    region: str
    signed_service: str
    access_key: str = ""
