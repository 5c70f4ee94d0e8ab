"""moto inside our process: every AWS API that is not ours."""

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

import moto.backends
from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from glue_local.backend.state_machines import teach_state_machines
from glue_local.wire.guard import WsgiApplication
from glue_local.wire.target import caller

# moto answers these without doing the work: a query or a step would be SUCCEEDED that nobody executed.
_PRETENDED = {"athena": "Athena", "emr": "EMR", "elasticmapreduce": "EMR", "emr-serverless": "EMR Serverless"}


def moto_application(port: int, default_account: str, default_region: str) -> WsgiApplication:
    """Return moto's server application, told its port, with Step Functions really executing.

    ``port`` is where its state machines call the other services. moto keeps all state in this process's memory: it
    ends with the process.
    """
    os.environ["MOTO_PORT"] = str(port)
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    _list_modules_once()
    moto_itself = DomainDispatcherApplication(create_backend_app)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        who = caller(environ.get("HTTP_AUTHORIZATION", ""), default_account, default_region)
        environ.setdefault("HTTP_X_MOTO_ACCOUNT_ID", who.account)
        if who.signed_service in _PRETENDED:
            return _refuse(start_response, _PRETENDED[who.signed_service])
        if who.signed_service == "states":
            teach_state_machines()
        return moto_itself(environ, start_response)

    return application


def reset_too(application: WsgiApplication, reset: Callable[[], None]) -> WsgiApplication:
    """Make moto's ``POST /moto-api/reset`` call ``reset`` as well, so that one request empties everything."""

    def resetting(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == "/moto-api/reset" and environ.get("REQUEST_METHOD") == "POST":
            reset()
        answer: Iterable[bytes] = application(environ, start_response)
        return answer

    return resetting


def _refuse(start_response: Any, name: str) -> list[bytes]:
    message = f"glue-local does not emulate {name} yet, and will not pretend to."
    body = json.dumps({"__type": "NotEmulatedByGlueLocalException", "message": message}).encode()
    start_response(
        "501 NOT IMPLEMENTED",
        [
            ("Content-Type", "application/x-amz-json-1.1"),
            ("x-amzn-ErrorType", "NotEmulatedByGlueLocalException"),
            ("Content-Length", str(len(body))),
        ],
    )
    return [body]


def _list_modules_once() -> None:
    # moto looks through its package folder on every request: half of the time of a small one.
    modules = tuple(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
