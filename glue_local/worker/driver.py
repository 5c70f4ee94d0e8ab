"""The process of a Spark run: warms up, waits for one order, runs it, ends."""

import contextlib
import importlib
import os
import sys
from pathlib import Path

from glue_local.worker import our_awsglue
from glue_local.worker.bookmarked import Layer, Package
from glue_local.worker.run_folder import Result, RunFolder
from glue_local.worker.script import leave, run_script
from glue_local.worker.warm_session import WarmSession
from glue_local.worker.words import Words


def main() -> None:
    """Serve the folder on the command line: say ready there, take one order from it, leave a result in it."""
    folder = RunFolder(Path(sys.argv[1]))
    words = Words()
    warm = WarmSession()
    # The script's first import, done while nobody waits.
    with contextlib.suppress(ImportError):
        _add_bookmarks()
    folder.notes.write_text("".join(f"{line}\n" for line in warm.lacking))
    folder.ready.touch()
    leave(folder, _run(folder, warm, words))


def _add_bookmarks() -> None:
    """Import whichever ``awsglue`` there is, and give it job bookmarks if it is not ours."""
    context, job, frame = (importlib.import_module(f"awsglue.{name}") for name in ("context", "job", "dynamicframe"))
    if not our_awsglue.is_installed():
        ours = our_awsglue.load(Path(os.environ["GLUE_LOCAL_OUR_AWSGLUE"]))
        Layer(Package(context.GlueContext, job.Job, frame.DynamicFrame), ours).put_on()


def _run(folder: RunFolder, warm: WarmSession, words: Words) -> Result:
    words.wait()
    order = folder.read_order()
    refused = warm.refused(order.settings)
    if refused:
        return Result(cold=refused)
    missing = warm.missing_executors()
    if missing:
        return Result(error=missing)
    warm.prepare(order)
    if _sees_the_catalog(order.argv):
        if not our_awsglue.is_installed():
            return Result(error="glue-local does not emulate --enable-glue-datacatalog with an awsglue not its own yet")
        importlib.import_module("awsglue.datacatalog").attach_to_sessions()
    folder.prepared.touch()
    words.wait()
    result = run_script(folder, order, categorised=True, is_sound=lambda: not warm.jvm_ended())
    if result.error is None and warm.jvm_ended():
        return Result(error="The Spark driver's JVM exited before the script ended.")
    return result


def _sees_the_catalog(argv: list[str]) -> bool:
    flag = "--enable-glue-datacatalog"
    return flag in argv and [*argv, "true"][argv.index(flag) + 1].lower() != "false"


if __name__ == "__main__":
    main()
