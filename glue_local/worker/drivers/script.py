"""A script run to its end in this process, and how it ended in AWS's words."""

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

from glue_local.worker.debugging import await_debugger
from glue_local.worker.run_folder import Order, Result, RunFolder

# The interpreter's own, which no script has put anything in the place of.
_exit = os._exit


def run_script(
    folder: RunFolder, order: Order, *, categorised: bool, is_sound: Callable[[], bool] = lambda: True
) -> Result:
    """Run the ordered script as ``__main__`` and return its result; its traceback goes to standard error.

    ``categorised`` puts AWS's "Error Category" and the failed line before the message, as for Spark jobs.
    ``is_sound`` tells whether a script that leaves by ``os._exit(0)`` leaves a success behind.
    """
    os._exit = _early_exit(folder, is_sound)  # type: ignore[assignment]
    script = Path(order.argv[0])
    os.environ.update(order.environment)
    if order.debug_port is not None:
        try:
            await_debugger(folder, script, order.debug_port)
        except RuntimeError as error:
            return Result(error=f"The debugger's port {order.debug_port} cannot be had: {error}")
    os.chdir(folder.work)
    sys.argv = list(order.argv)
    sys.path[:0] = [str(script.parent), *order.python_path]
    try:
        runpy.run_path(str(script), run_name="__main__")
    except SystemExit as ending:
        return _exit_result(ending)
    except BaseException as error:  # noqa: BLE001 - whatever a script raises is its failure, and only that
        traceback.print_exception(error.with_traceback(_from_script(error.__traceback__, script)))
        return Result(error=_message(error, script, categorised))
    return Result()


def _early_exit(folder: RunFolder, is_sound: Callable[[], bool]) -> Callable[[int], None]:
    """Return an ``os._exit`` that leaves a success where it is given 0: Glue scripts end early that way."""
    script_process = os.getpid()

    def leave_early(code: int) -> None:
        # Forked children of the script leave by it too, and are not the run.
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
    message = _described(error)
    if not categorised:
        return message
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(script)]
    if isinstance(error, SyntaxError) and error.filename == str(script):
        lines = [error.lineno]
    where = f"Failed Line Number: {lines[-1]}; " if lines else ""
    return f"Error Category: UNCLASSIFIED_ERROR; {where}{message}"


def _described(error: BaseException) -> str:
    name, text = type(error).__name__, str(error)
    if name == "Py4JJavaError":
        # What the JVM raised, as AWS tells it: the call and the message; the stack is in the error log.
        call, _, raised = text.partition("\n: ")
        kind, _, reason = raised.partition("\n\tat ")[0].partition(": ")
        return f"{call} {reason or kind}"
    if isinstance(error, ModuleNotFoundError) and str(error.name).partition(".")[0] not in sys.modules:
        return f"{name}: {text} (not installed here: --additional-python-modules brings packages, --extra-py-files modules)"
    return f"{name}: {text}" if text else name


def _from_script(trace: TracebackType | None, script: Path) -> TracebackType | None:
    """Return the part of a traceback that begins in the script: what ran the script is not its author's concern.

    None where no line of it ran: Python could not read it, and the error itself tells where.
    """
    begin = trace
    while begin is not None and begin.tb_frame.f_code.co_filename != str(script):
        begin = begin.tb_next
    return begin


def leave(folder: RunFolder, result: Result) -> None:
    """Leave the result and end this process at once: nothing that a script registered can change it any more."""
    # As the interpreter does at its end: wait for threads, and tell idle executors that there is no more work.
    threading._shutdown()  # type: ignore[attr-defined]
    if result.error is None:
        atexit._run_exitfuncs()
    # The script may have closed them, or put something of its own in their place.
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(ValueError, AttributeError, OSError):
            stream.flush()
    folder.write_result(result)
    _exit(0 if result.error is None else 1)
