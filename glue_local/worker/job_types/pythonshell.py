"""Python shell jobs: plain Python, the script's argv, no Spark."""

from glue_local.worker.drivers.run_process import CannotStart, RunProcess
from glue_local.worker.launch_context import LaunchContext

COMMAND = "pythonshell"


def launch(context: LaunchContext) -> RunProcess:
    """Start a fresh Python process for the run's script; raises CannotStart."""
    folder = context.drivers.new_folder()
    try:
        folder.write_order(context.order(folder, {}))
    except CannotStart:
        folder.remove()
        raise
    return context.drivers.start_shell(folder)
