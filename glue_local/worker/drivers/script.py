"""Runs a script in this process, and describes how it ended in AWS's words."""

import atexit
import contextlib
import os
import runpy
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from glue_local.worker.drivers.debugging import await_debugger
from glue_local.worker.run_folder import Order, Result, RunFolder

# Saved, because a script may replace os._exit.
_exit = os._exit


def run_script(
    folder: RunFolder, order: Order, *, categorised: bool, is_sound: Callable[[], bool] = lambda: True
) -> Result:
    """Run the ordered script as ``__main__`` and return its result; its traceback goes to standard error.

    ``categorised`` puts AWS's "Error Category" and the failed line before the message, as for Spark jobs.
    ``is_sound`` tells whether a script that calls ``os._exit(0)`` has succeeded.
    """
    os._exit = _early_exit(folder, is_sound)  # type: ignore[assignment]
    script = Path(order.argv[0])
    os.environ.update(order.environment)
    if order.debug_port is not None:
        try:
            await_debugger(folder, script, order.debug_port)
        except RuntimeError as error:
            return Result(error=f"The debugger's port {order.debug_port} cannot be used: {error}")
    os.chdir(folder.work)
    sys.argv = list(order.argv)
    sys.path[:0] = [str(script.parent), *order.python_path]
    try:
        runpy.run_path(str(script), run_name="__main__")
    except SystemExit as ending:
        return _exit_result(ending)
    except BaseException as error:  # noqa: BLE001 - any exception of a script is its own failure
        traceback.print_exception(error.with_traceback(_from_script(error.__traceback__, script)))
        return Result(error=_message(error, script, categorised))
    return Result()


def _early_exit(folder: RunFolder, is_sound: Callable[[], bool]) -> Callable[[int], None]:
    """Return an ``os._exit`` that records a success for code 0: Glue scripts use it to end early."""
    script_process = os.getpid()

    def leave_early(code: int) -> None:
        # Forked children of the script also call it, but do not end the run.
        if code == 0 and os.getpid() == script_process and is_sound():
            folder.write_result(Result())
        _exit(code)

    return leave_early


def _exit_result(ending: SystemExit) -> Result:
    if ending.code in (None, 0):
        return Result()
    if isinstance(ending.code, str):
        print(ending.code, file=sys.stderr)
    return Result(error=f"SystemExit: {ending.code}")


def _message(error: BaseException, script: Path, categorised: bool) -> str:
    message = described(error)
    if not categorised:
        return message
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(script)]
    if isinstance(error, SyntaxError) and error.filename == str(script):
        lines = [error.lineno]
    where = f"Failed Line Number: {lines[-1]}; " if lines else ""
    return f"Error Category: UNCLASSIFIED_ERROR; {where}{message}"


def described(error: BaseException) -> str:
    """Return the error as AWS shows it in the run's message."""
    name, text = type(error).__name__, str(error)
    if name == "Py4JJavaError":
        # AWS shows the call and the JVM's message; the stack is in the error log.
        call, _, raised = text.partition("\n: ")
        kind, _, reason = raised.partition("\n\tat ")[0].partition(": ")
        return f"{call} {reason or kind}"
    if name == "PythonException":
        # Spark's text is the traceback of a Python worker, which ends with the script's own error.
        return f"{name}: {_raised(text)}"
    if isinstance(error, ModuleNotFoundError) and str(error.name).partition(".")[0] not in sys.modules:
        return f"{name}: {text} (not installed here: --additional-python-modules brings packages, --extra-py-files modules)"
    return f"{name}: {text}" if text else name


def _raised(trace: str) -> str:
    """Return the error at the end of a traceback, without the lines of code."""
    _, _, end = trace.rpartition('\n  File "')
    lines = [line for line in end.splitlines()[1:] if line.strip()]
    begin = next((place for place, line in enumerate(lines) if not line.startswith(" ")), 0)
    return "\n".join(lines[begin:]) or trace.strip()


def _from_script(trace: TracebackType | None, script: Path) -> TracebackType | None:
    """Return the part of a traceback that begins in the script, without our frames.

    None if no line of the script ran: it has a syntax error, which names its line.
    """
    begin = trace
    while begin is not None and begin.tb_frame.f_code.co_filename != str(script):
        begin = begin.tb_next
    return begin


def leave(folder: RunFolder, result: Result) -> None:
    """Write the result and end this process immediately, so that nothing the script registered can change the result."""
    # As the interpreter does at exit: wait for threads, and let idle executors end.
    threading._shutdown()  # type: ignore[attr-defined]
    if result.error is None:
        atexit._run_exitfuncs()
    # The script may have closed or replaced them.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(ValueError, AttributeError, OSError):
            stream.flush()
    folder.write_result(result)
    _exit(0 if result.error is None else 1)
