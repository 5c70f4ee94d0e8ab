"""Run a script in the test's own process and restore the process afterwards."""

import contextlib
import io
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from unittest.mock import patch

import pytest

from awsglue.bookmarks import storage
from glue_local.client.clients import new_session
from glue_local.worker.drivers.script import run_script
from glue_local.worker.run_folder import Order, Result, RunFolder


@dataclass(frozen=True)
class ScriptOutput:
    """A script's result and the text of its two streams."""

    result: Result
    output: str
    errors: str


def run_here(folder: RunFolder, order: Order, *, spark: bool) -> ScriptOutput:
    """Run a script in this process; its output is captured and also printed."""
    output, errors = _Tee(sys.stdout), _Tee(sys.stderr)
    with (
        restored_process(Path(order.argv[0]).parent, folder.path, order.environment),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        result = run_script(folder, order, categorised=spark)
    return ScriptOutput(result, output.getvalue(), errors.getvalue())


class _Tee(io.StringIO):
    def __init__(self, shown: TextIO) -> None:
        super().__init__()
        self._shown = shown

    def write(self, text: str) -> int:
        self._shown.write(text)
        return super().write(text)


@contextlib.contextmanager
def restored_process(scripts: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Set a run's environment, and undo a script's changes to the process afterwards."""
    modules = set(sys.modules)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    storage.cache_clear()
    with pytest.MonkeyPatch.context() as now, patch.dict("os.environ", environment), warnings.catch_warnings():
        _warn_as_python_does()
        now.setattr(os, "_exit", os._exit)
        now.setattr("glue_local.worker.drivers.script._exit", _ends_the_script(os.getpid(), os._exit))
        now.setattr(sys, "argv", [])
        now.setattr(sys, "path", list(sys.path))
        now.setattr("boto3.DEFAULT_SESSION", new_session())
        now.chdir(os.getcwd())
        try:
            yield
        finally:
            storage.cache_clear()
            root.handlers[:], root.level = handlers, level
            _forget_modules(modules, scripts, folder)


def _ends_the_script(process: int, leave: Callable[[int], None]) -> Callable[[int], None]:
    """Return an ``os._exit`` that ends the script but not the test; forked processes still exit."""

    def end(code: int) -> None:
        if os.getpid() != process:
            leave(code)
        sys.exit(code)

    return end


def _warn_as_python_does() -> None:
    """Reset pytest's warning filters: warnings are not errors for a script in its own process."""
    warnings.resetwarnings()
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    for quiet in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", quiet, append=True)


def _forget_modules(known: set[str], *folders: Path) -> None:
    """Remove a script's own modules, so that the next run imports them again like a new process."""
    for name in set(sys.modules) - known:
        file = getattr(sys.modules[name], "__file__", None)
        if file and any(Path(file).is_relative_to(folder) for folder in folders):
            del sys.modules[name]
