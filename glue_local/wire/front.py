"""The links of the request chain that know AWS's protocol: who calls, what is ours, what nobody here does."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Request, Response

from glue_local.core.faults import Fault, NotEmulated
from glue_local.core.wsgi import CALLER, Caller, WsgiApplication
from glue_local.wire.dispatch import Service, call
from glue_local.wire.model import target_prefix
from glue_local.wire.reply import refusal, refusal_for
from glue_local.wire.target import caller, protocol_of, split_target


def identify_caller(application: WsgiApplication, account: str, region: str) -> WsgiApplication:
    """Note in the environment who calls; unsigned requests act in the default ``account`` and ``region``."""

    def identified(environ: dict[str, Any], start_response: Any) -> Any:
        environ[CALLER] = caller(environ.get("HTTP_AUTHORIZATION", ""), account, region)
        return application(environ, start_response)

    return identified


def answer_services(
    application: WsgiApplication,
    services: Sequence[Service],
    context_for: Callable[[Caller], Any],
    new_request_id: Callable[[], str],
) -> WsgiApplication:
    """Answer requests whose target is one of ``services``; ``context_for`` makes what operations are handed."""
    by_prefix = {target_prefix(served.name): served for served in services}

    def front(environ: dict[str, Any], start_response: Any) -> Any:
        prefix, operation = split_target(environ.get("HTTP_X_AMZ_TARGET", ""))
        served = by_prefix.get(prefix)
        if served is None:
            return application(environ, start_response)
        body = Request(environ).get_data()
        reply = call(served, operation, context_for(environ[CALLER]), body, new_request_id())
        return Response(reply.body, reply.status, reply.headers)(environ, start_response)

    return front


def tell_faults(application: WsgiApplication, new_id: Callable[[], str]) -> WsgiApplication:
    """Answer the faults that are raised behind this link in the protocol that the client speaks."""

    def telling(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            return application(environ, start_response)
        except Fault as fault:
            reply = refusal_for(protocol_of(environ), fault, new_id())
            return Response(reply.body, reply.status, reply.headers)(environ, start_response)

    return telling


def refuse_services(
    application: WsgiApplication, names: Mapping[str, str], new_id: Callable[[], str]
) -> WsgiApplication:
    """Answer 501 to requests signed for the services in ``names`` (signing name → what people call it)."""

    def refusing(environ: dict[str, Any], start_response: Any) -> Any:
        name = names.get(environ[CALLER].signed_service)
        if name is None:
            return application(environ, start_response)
        fault = NotEmulated(f"glue-local does not emulate {name} yet, and will not pretend to.")
        reply = refusal(fault, {}, "1.1", new_id())
        return Response(reply.body, reply.status, reply.headers)(environ, start_response)

    return refusing
