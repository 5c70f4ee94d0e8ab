"""The process of a Spark run: warms up, waits for one order, runs it, ends."""

import contextlib
import os
import sys
import threading
from pathlib import Path

from glue_local.worker.run_folder import Order, Result, RunFolder
from glue_local.worker.script import leave, run_script
from glue_local.worker.warm_session import WarmSession


def main() -> None:
    """Serve the folder on the command line: say ready there, take one order from it, leave a result in it."""
    folder = RunFolder(Path(sys.argv[1]))
    ordered = _ordered_by_agent()
    warm = WarmSession()
    with contextlib.suppress(ImportError):
        import awsglue.context  # noqa: F401 - the script's first import, done while nobody waits
    folder.ready.touch()
    ordered.wait()
    leave(folder, _run(folder, folder.read_order(), warm))


def _run(folder: RunFolder, order: Order, warm: WarmSession) -> Result:
    refused = warm.refused(order.settings)
    if refused:
        return Result(cold=refused)
    warm.prepare(order)
    folder.begun.touch()
    result = run_script(folder, order, categorised=True)
    if result.error is None and warm.jvm_ended():
        return Result(error="The Spark driver's JVM exited before the script ended.")
    return result


def _ordered_by_agent() -> threading.Event:
    """Return an event that is set when the agent writes a line; when its pipe ends, this process group is killed."""
    ordered = threading.Event()

    def watch() -> None:
        # Not sys.stdin: a thread that holds its lock makes the interpreter abort when it ends by itself.
        while os.read(0, 64):
            ordered.set()
        os.killpg(0, 9)

    threading.Thread(target=watch, daemon=True, name="orders").start()
    return ordered


if __name__ == "__main__":
    main()
