"""The process of a python shell run: plain Python, no Spark."""

import sys
from pathlib import Path

from glue_local.worker.run_folder import RunFolder
from glue_local.worker.script import end_with_agent, leave, run_script


def main() -> None:
    """Run the script that the folder on the command line orders."""
    folder = RunFolder(Path(sys.argv[1]))
    end_with_agent()
    leave(folder, run_script(folder, folder.read_order(), categorised=False))


if __name__ == "__main__":
    main()
