"""The process of a Spark run: warms up, waits for one order, runs it, ends."""

import contextlib
import sys
from pathlib import Path

from glue_local.worker.run_folder import Result, RunFolder
from glue_local.worker.script import leave, run_script
from glue_local.worker.warm_session import WarmSession
from glue_local.worker.words import Words


def main() -> None:
    """Serve the folder on the command line: say ready there, take one order from it, leave a result in it."""
    folder = RunFolder(Path(sys.argv[1]))
    words = Words()
    warm = WarmSession()
    with contextlib.suppress(ImportError):
        import awsglue.context  # noqa: F401 - the script's first import, done while nobody waits
    folder.ready.touch()
    leave(folder, _run(folder, warm, words))


def _run(folder: RunFolder, warm: WarmSession, words: Words) -> Result:
    words.wait()
    order = folder.read_order()
    refused = warm.refused(order.settings)
    if refused:
        return Result(cold=refused)
    warm.prepare(order)
    if _sees_the_catalog(order.argv):
        # The official image brings a client of its own instead.
        with contextlib.suppress(ImportError):
            from awsglue import datacatalog

            datacatalog.attach_to_sessions()
    folder.prepared.touch()
    words.wait()
    result = run_script(folder, order, categorised=True)
    if result.error is None and warm.jvm_ended():
        return Result(error="The Spark driver's JVM exited before the script ended.")
    return result


def _sees_the_catalog(argv: list[str]) -> bool:
    flag = "--enable-glue-datacatalog"
    return flag in argv and [*argv, "true"][argv.index(flag) + 1].lower() != "false"


if __name__ == "__main__":
    main()
