"""What the links of the request chain agree on: the type of an application, and who a request comes from."""

from collections.abc import Callable
from typing import Any, NamedTuple

WsgiApplication = Callable[[dict[str, Any], Any], Any]

CALLER = "glue_local.caller"
"""Where in a WSGI environment the ``Caller`` stands, once the chain has read it."""


class Caller(NamedTuple):
    """The account and region a request acts in, and the service name its signature carries (empty if unsigned)."""

    account: str
    region: str
    signed_service: str
