"""Python shell jobs: plain Python, the script's argv, no Spark."""

from glue_local.worker.bench import Bench
from glue_local.worker.drivers import CannotStart, RunProcess

COMMAND = "pythonshell"


def launch(bench: Bench) -> RunProcess:
    """Start a fresh Python process for the run's script; raises CannotStart."""
    folder = bench.drivers.new_folder()
    try:
        folder.write_order(bench.order(folder, {}))
    except CannotStart:
        folder.remove()
        raise
    return bench.drivers.start_shell(folder)
