"""Python shell jobs: plain Python, the script's argv, no Spark."""

from glue_local.worker.bench import Bench
from glue_local.worker.drivers import RunProcess

COMMAND = "pythonshell"


def launch(bench: Bench) -> RunProcess:
    """Start a fresh Python process on the run's script; raises CannotFetch."""
    folder = bench.drivers.new_folder()
    folder.write_order(bench.order(folder, {}))
    return bench.drivers.start_shell(folder)
