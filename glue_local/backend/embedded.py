"""moto inside our process: every AWS API that is not ours."""

import os
from typing import Any

import moto.backends
from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

from glue_local.backend import Backend
from glue_local.backend.stacks import teach_stacks
from glue_local.backend.state_machines import teach_state_machines
from glue_local.backend.streams import teach_streams
from glue_local.core.wsgi import CALLER, WsgiApplication


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
    moto_itself = DomainDispatcherApplication(create_backend_app)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        environ.setdefault("HTTP_X_MOTO_ACCOUNT_ID", environ[CALLER].account)
        if environ[CALLER].signed_service == "states":
            teach_state_machines()
        if environ[CALLER].signed_service == "kinesis":
            teach_streams()
        if environ[CALLER].signed_service == "cloudformation":
            teach_stacks()
        return moto_itself(environ, start_response)

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
