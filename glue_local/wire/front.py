"""The WSGI front of our own services: by ``X-Amz-Target``, everything else goes on down the chain."""

from collections.abc import Callable, Sequence
from typing import Any

from werkzeug.wrappers import Request, Response

from glue_local.wire.dispatch import Service, call
from glue_local.wire.guard import WsgiApplication
from glue_local.wire.model import target_prefix
from glue_local.wire.target import Caller, caller, split_target

ContextFor = Callable[[Caller], Any]


def answer_services(
    application: WsgiApplication,
    services: Sequence[Service],
    context_for: ContextFor,
    new_request_id: Callable[[], str],
    default_account: str,
    default_region: str,
) -> WsgiApplication:
    """Answer requests whose target is one of ``services``; ``context_for`` makes what operations are handed."""
    by_prefix = {target_prefix(served.name): served for served in services}

    def front(environ: dict[str, Any], start_response: Any) -> Any:
        prefix, operation = split_target(environ.get("HTTP_X_AMZ_TARGET", ""))
        served = by_prefix.get(prefix)
        if served is None:
            return application(environ, start_response)
        who = caller(environ.get("HTTP_AUTHORIZATION", ""), default_account, default_region)
        reply = call(served, operation, context_for(who), Request(environ).get_data(), new_request_id())
        return Response(reply.body, reply.status, reply.headers)(environ, start_response)

    return front
