"""The process that writes a class archive: a JVM that exercises typical jobs once, and ends."""

import os
import sys
from pathlib import Path

from glue_local.worker.drivers.go_signals import GoSignals
from glue_local.worker.jvm.warm_jvm import WarmJvm
from glue_local.worker.run_folder import Result, RunFolder


def main() -> None:
    """Write an archive for the folder on the command line; a result in it means that the JVM has succeeded."""
    folder = RunFolder(Path(sys.argv[1]))
    GoSignals(folder.path)
    jvm = WarmJvm(folder)
    jvm.exercise()
    jvm.end()
    folder.write_result(Result())
    os._exit(0)


if __name__ == "__main__":
    main()
