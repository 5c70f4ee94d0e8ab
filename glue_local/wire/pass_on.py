"""Call an operation on the backend on behalf of the current request's client."""

import io
import json
from collections.abc import Callable
from typing import Any

from werkzeug.test import run_wsgi_app

from glue_local.core.faults import Fault, Unavailable
from glue_local.core.wsgi import WsgiApplication

# The request body and the headers that describe it, all replaced.
_OF_BODIES = ("CONTENT_LENGTH", "HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING", "wsgi.input_terminated")


def passing_on(
    application: WsgiApplication, environ: dict[str, Any]
) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """Return a function of operation and request that calls ``application`` and returns its response.

    The request goes to the same service in the same account as the one in ``environ``, in the AWS JSON protocol.
    Raises an error response as a Fault with its code, Unavailable if the response is not in that protocol.
    """
    prefix = environ["HTTP_X_AMZ_TARGET"].partition(".")[0]

    def ask(operation: str, request: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(request).encode()
        kept = {name: value for name, value in environ.items() if name not in _OF_BODIES}
        asked = {
            **kept,
            "HTTP_X_AMZ_TARGET": f"{prefix}.{operation}",
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": "application/x-amz-json-1.1",
            "wsgi.input": io.BytesIO(body),
        }
        pieces, status, _ = run_wsgi_app(application, asked)
        try:
            answer = json.loads(b"".join(pieces) or b"{}")
        except ValueError:
            raise Unavailable(f"{operation} returned {status} and a body that is not JSON") from None
        if not status.startswith("200"):
            code = str(answer.get("__type", "")).rpartition("#")[2] or None
            raise Fault(answer.get("message") or answer.get("Message") or status, code=code)
        return dict(answer)

    return ask
