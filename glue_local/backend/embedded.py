"""moto in this process: every AWS API that glue-local does not implement."""

import os
import re
from functools import partial
from pathlib import Path
from typing import Any

from flask import request
from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app

from glue_local.backend.contract import Backend, Hooks
from glue_local.backend.moto_patches import events, patch_service, scheduler
from glue_local.backend.uploads import is_upload, receive
from glue_local.core.content import ContentFolder
from glue_local.core.faults import NotEmulated
from glue_local.core.wsgi import CALLER, WsgiApplication

_LACKING = "glue_local.lacking"
_LACKING_PACKAGE = "glue_local.lacking_package"


def embedded(folder: Path) -> Backend:
    """Return moto in this process as a backend, with the content of large objects in ``folder``.

    moto's state is global to the process, so it is reset when a server stops: a later server starts empty.
    """
    contents = ContentFolder(folder)
    application = partial(moto_application, contents=contents)
    return Backend(application, MotoRequestHandler, is_upload, moto_api_backend.reset, matches_rules=True)


def moto_application(port: int, hooks: Hooks, contents: ContentFolder) -> WsgiApplication:
    """Return moto's server application with Step Functions executions enabled.

    State machines call other services on ``port``. moto keeps all state in memory, except for the content of large
    objects, which it keeps in files. Both are lost when the process ends.
    """
    os.environ["MOTO_PORT"] = str(port)
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    patch_service("")
    moto_itself = DomainDispatcherApplication(_noting_what_it_lacks)

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        def unless_lacking(*answer: Any) -> Any:
            return None if _LACKING in environ or _LACKING_PACKAGE in environ else start_response(*answer)

        service = environ[CALLER].signed_service
        environ.setdefault("HTTP_X_MOTO_ACCOUNT_ID", environ[CALLER].account)
        environ[events.HOOKS], environ[scheduler.HOOKS] = hooks
        if is_upload(environ):
            receive(environ, contents)
        try:
            patch_service(service or "s3")
            answer = moto_itself(environ, unless_lacking)
        except ModuleNotFoundError as error:
            environ[_LACKING_PACKAGE] = error.name
            answer = ()
        if _LACKING_PACKAGE in environ:
            raise NotEmulated(
                f"{service} needs the Python package {environ[_LACKING_PACKAGE]}:"
                " run pip install 'glue-local[aws]' where glue-local runs"
            )
        if _LACKING in environ:
            raise NotEmulated(f"glue-local does not emulate {service}: {environ[_LACKING]} yet.")
        return answer

    return application


def _noting_what_it_lacks(service: Any) -> Any:
    """Return moto's application of a service that notes a missing feature in the request instead of answering 500."""
    application = create_backend_app(service)
    # In debug mode, Flask creates a class per request, which keeps the request body until a full garbage collection.
    application.debug, application.config["PROPAGATE_EXCEPTIONS"] = False, True

    def note_package(error: ModuleNotFoundError) -> tuple[str, int]:
        request.environ[_LACKING_PACKAGE] = error.name
        return "", 501

    def note(error: NotImplementedError) -> tuple[str, int]:
        named = re.match(r"The (\w+) action has not been implemented", str(error))
        request.environ[_LACKING] = named.group(1) if named else str(error) or "this request"
        return "", 501

    application.register_error_handler(NotImplementedError, note)
    application.register_error_handler(ModuleNotFoundError, note_package)
    return application


def forget_account(account: str) -> None:
    """Delete one account's state in moto, which also frees its globally unique bucket names."""
    for backends in tuple(BackendDict._instances):
        if account in backends:
            backends[account].reset()
            del backends[account]
