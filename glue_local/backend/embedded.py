"""moto inside our process: every AWS API that is not ours."""

import os
import re
from typing import Any

import moto.backends
from flask import request
from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

from glue_local.backend import Backend
from glue_local.backend.stacks import teach_stacks
from glue_local.backend.state_machines import teach_state_machines
from glue_local.backend.streams import teach_streams
from glue_local.core.faults import NotEmulated
from glue_local.core.wsgi import CALLER, WsgiApplication

_LACKING = "glue_local.lacking"


def embedded() -> Backend:
    """Return the backend that is moto in our own process.

    Its state is the process's, and would outlive a server that another one in this process follows.
    """
    return Backend(moto_application, MotoRequestHandler, moto_api_backend.reset)


def moto_application(port: int) -> WsgiApplication:
    """Return moto's server application, told its port, with Step Functions really executing.

    ``port`` is where its state machines call the other services. moto keeps all state in this process's memory: it
    ends with the process.
    """
    os.environ["MOTO_PORT"] = str(port)
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    _list_modules_once()
    moto_itself = DomainDispatcherApplication(_noting_what_it_lacks)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        def unless_lacking(*answer: Any) -> Any:
            return None if _LACKING in environ else start_response(*answer)

        environ.setdefault("HTTP_X_MOTO_ACCOUNT_ID", environ[CALLER].account)
        if environ[CALLER].signed_service == "states":
            teach_state_machines()
        if environ[CALLER].signed_service == "kinesis":
            teach_streams()
        if environ[CALLER].signed_service == "cloudformation":
            teach_stacks()
        answer = moto_itself(environ, unless_lacking)
        if _LACKING in environ:
            operation = f"{environ[CALLER].signed_service}: {environ[_LACKING]}"
            raise NotEmulated(f"glue-local does not emulate {operation} yet, and will not pretend to.")
        return answer

    return application


def _noting_what_it_lacks(service: Any) -> Any:
    """Return moto's application of a service; what it has not implemented is noted in the request, not a 500."""
    application = create_backend_app(service)

    def note(error: NotImplementedError) -> tuple[str, int]:
        named = re.match(r"The (\w+) action has not been implemented", str(error))
        request.environ[_LACKING] = named.group(1) if named else str(error) or "what was asked"
        return "", 501

    application.register_error_handler(NotImplementedError, note)
    return application


def forget_account(account: str) -> None:
    """Empty moto of one account, and so free the names that are unique among all accounts: those of buckets."""
    for backends in tuple(BackendDict._instances):
        if account in backends:
            backends[account].reset()
            del backends[account]


def _list_modules_once() -> None:
    # moto looks through its package folder on every request: half of the time of a small one.
    modules = tuple(moto.backends.list_of_moto_modules())
    moto.backends.list_of_moto_modules = lambda: modules
