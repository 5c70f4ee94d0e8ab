"""The process of a python shell run: plain Python, no Spark."""

import sys
from pathlib import Path

from glue_local.worker.run_folder import RunFolder
from glue_local.worker.script import leave, run_script
from glue_local.worker.words import Words


def main() -> None:
    """Run the script that the folder on the command line orders, once the agent says so."""
    folder = RunFolder(Path(sys.argv[1]))
    Words().wait()
    leave(folder, run_script(folder, folder.read_order(), categorised=False))


if __name__ == "__main__":
    main()
