"""The process of a python shell run: plain Python, no Spark."""

import sys
from pathlib import Path

from glue_local.worker.drivers.go_signals import GoSignals
from glue_local.worker.drivers.script import leave, run_script
from glue_local.worker.run_folder import RunFolder


def main() -> None:
    """Run the script of the order in the folder on the command line, once the agent sends the signal."""
    folder = RunFolder(Path(sys.argv[1]))
    GoSignals(folder.path).wait()
    leave(folder, run_script(folder, folder.read_order(), categorised=False))


if __name__ == "__main__":
    main()
