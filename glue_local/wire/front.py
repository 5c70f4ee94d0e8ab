"""The WSGI middleware for AWS's protocol: identify the caller, answer our services, refuse unsupported ones."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from werkzeug.wrappers import Request, Response

from glue_local.core.faults import Fault, NotEmulated
from glue_local.core.wsgi import CALLER, Caller, WsgiApplication
from glue_local.wire.check import check, check_types
from glue_local.wire.dispatch import Service, call, document_in
from glue_local.wire.model import operation_model, service_model, target_prefix
from glue_local.wire.pass_on import passing_on
from glue_local.wire.reply import refusal, respond
from glue_local.wire.target import caller, split_target

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


def identify_caller(application: WsgiApplication, account: str, region: str) -> WsgiApplication:
    """Add the caller to the WSGI environment; unsigned requests get the default ``account`` and ``region``."""

    def identified(environ: dict[str, Any], start_response: Any) -> Any:
        environ[CALLER] = caller(environ.get("HTTP_AUTHORIZATION", ""), account, region)
        return application(environ, start_response)

    return identified


def answer_services(
    application: WsgiApplication,
    services: Sequence[Service],
    context_for: Callable[[Caller, Ask], Any],
    new_request_id: Callable[[], str],
) -> WsgiApplication:
    """Answer requests whose target is one of ``services``, and pass others on.

    ``context_for`` makes an operation's context from the caller and a function that calls an operation of the same
    service on the backend.
    """
    by_prefix = {target_prefix(served.name): served for served in services}

    def front(environ: dict[str, Any], start_response: Any) -> Any:
        prefix, operation = split_target(environ.get("HTTP_X_AMZ_TARGET", ""))
        served = by_prefix.get(prefix)
        if served is None:
            return application(environ, start_response)
        body = Request(environ).get_data()
        context = context_for(environ[CALLER], passing_on(application, environ))
        reply = call(served, operation, context, body, new_request_id())
        return Response(reply.body, reply.status, reply.headers)(environ, start_response)

    return front


def check_requests(
    application: WsgiApplication,
    names: Sequence[str],
    by_type: Sequence[str],
    codes: Mapping[str, str],
    new_id: Callable[[], str],
) -> WsgiApplication:
    """Refuse requests of the services in ``names`` (as botocore has them) that violate AWS's model, in AWS's words.

    For the services in ``by_type``, only values of wrong types are refused: they have errors of their own for other
    violations. ``codes`` maps a signing name to the service's code for violations where that is not ValidationException. The
    service behind this middleware relies on requests that conform to the model.
    """
    by_prefix = {target_prefix(name): (name, check) for name in names}
    by_prefix.update({target_prefix(name): (name, check_types) for name in by_type})

    def checking(environ: dict[str, Any], start_response: Any) -> Any:
        prefix, operation = split_target(environ.get("HTTP_X_AMZ_TARGET", ""))
        name, checked = by_prefix.get(prefix, ("", check))
        if name and operation in service_model(name).operation_names:
            body = environ["wsgi.input"].read()
            environ["wsgi.input"] = BytesIO(body)
            try:
                checked(operation_model(name, operation).input_shape, document_in(body))
            except Fault as fault:
                fault.code = fault.code or codes.get(environ[CALLER].signed_service)
                return respond(environ, start_response, fault, new_id())
        return application(environ, start_response)

    return checking


def render_faults(application: WsgiApplication, new_id: Callable[[], str]) -> WsgiApplication:
    """Render faults raised by ``application`` in the client's protocol."""

    def telling(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            return application(environ, start_response)
        except Fault as fault:
            return respond(environ, start_response, fault, new_id())

    return telling


def refuse_services(
    application: WsgiApplication, names: Mapping[str, str], new_id: Callable[[], str]
) -> WsgiApplication:
    """Answer 501 to requests signed for the services in ``names`` (signing name → display name)."""

    def refusing(environ: dict[str, Any], start_response: Any) -> Any:
        name = names.get(environ[CALLER].signed_service)
        if name is None:
            return application(environ, start_response)
        fault = NotEmulated(f"glue-local does not emulate {name} yet.")
        reply = refusal(fault, {}, "1.1", new_id())
        return Response(reply.body, reply.status, reply.headers)(environ, start_response)

    return refusing
