"""A script run to its end in this process, and how it ended in AWS's words."""

import atexit
import os
import runpy
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from glue_local.worker.debugging import await_debugger
from glue_local.worker.run_folder import Order, Result, RunFolder


def run_script(folder: RunFolder, order: Order, *, categorised: bool) -> Result:
    """Run the ordered script as ``__main__`` and return its result; its traceback goes to standard error.

    ``categorised`` puts AWS's "Error Category" and the failed line before the message, as for Spark jobs.
    """
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


def _exit_result(ending: SystemExit) -> Result:
    if ending.code in (None, 0):
        return Result()
    if isinstance(ending.code, str):
        print(ending.code, file=sys.stderr)
    return Result(error=f"SystemExit: {ending.code}")


def _message(error: BaseException, script: Path, categorised: bool) -> str:
    message = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if not categorised:
        return message
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(script)]
    if isinstance(error, SyntaxError) and error.filename == str(script):
        lines = [error.lineno]
    where = f"Failed Line Number: {lines[-1]}; " if lines else ""
    return f"Error Category: UNCLASSIFIED_ERROR; {where}{message}"


def _from_script(trace: TracebackType | None, script: Path) -> TracebackType | None:
    """Return the part of a traceback that begins in the script: what ran the script is not its author's concern."""
    begin = trace
    while begin is not None and begin.tb_frame.f_code.co_filename != str(script):
        begin = begin.tb_next
    return begin or trace


def leave(folder: RunFolder, result: Result) -> None:
    """Leave the result and end this process at once: nothing that a script registered can change it any more."""
    # As the interpreter does at its end: wait for threads, and tell idle executors that there is no more work.
    threading._shutdown()  # type: ignore[attr-defined]
    if result.error is None:
        atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    folder.write_result(result)
    os._exit(0 if result.error is None else 1)
