"""The process of a Spark run: warms up, waits for one order, runs it, ends."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from glue_local.worker import our_awsglue
from glue_local.worker.foreign_awsglue import Layer, Package
from glue_local.worker.run_folder import Result, RunFolder
from glue_local.worker.script import leave, run_script
from glue_local.worker.warm_session import WarmSession
from glue_local.worker.words import Words


def main() -> None:
    """Serve the folder on the command line: say ready there, take one order from it, leave a result in it."""
    folder = RunFolder(Path(sys.argv[1]))
    words = Words()
    warm = WarmSession()
    awsglue = _import_awsglue()
    folder.notes.write_text("".join(f"{line}\n" for line in warm.lacking))
    folder.ready.touch()
    leave(folder, _run(folder, warm, words, awsglue))


class _Awsglue(NamedTuple):
    """What this driver has: our module of Spark's catalog, or a reason why no run can be had."""

    datacatalog: Any = None
    refused: str | None = None


def _import_awsglue() -> _Awsglue:
    """Import whichever ``awsglue`` there is before anybody waits for it; one not ours gets what it would ask AWS for."""
    try:
        context, job, frame = (
            importlib.import_module(f"awsglue.{name}") for name in ("context", "job", "dynamicframe")
        )
    except ImportError:
        return _Awsglue()
    if our_awsglue.is_installed():
        return _Awsglue(importlib.import_module("awsglue.datacatalog"))
    try:
        ours = our_awsglue.load(Path(os.environ["GLUE_LOCAL_OUR_AWSGLUE"]))
    except FileNotFoundError as missing:
        return _Awsglue(refused=str(missing))
    Layer(Package(context.GlueContext, job.Job, frame.DynamicFrame), ours).put_on()
    return _Awsglue(ours.datacatalog)


def _run(folder: RunFolder, warm: WarmSession, words: Words, awsglue: _Awsglue) -> Result:
    words.wait()
    order = folder.read_order()
    if awsglue.refused:
        return Result(error=awsglue.refused)
    refused = warm.refused(order.settings)
    if refused:
        return Result(cold=refused)
    missing = warm.missing_executors()
    if missing:
        return Result(error=missing)
    warm.prepare(order)
    if _sees_the_catalog(order.argv):
        if awsglue.datacatalog is None:
            return Result(error="--enable-glue-datacatalog needs awsglue, and there is none in this driver")
        awsglue.datacatalog.attach_to_sessions()
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
