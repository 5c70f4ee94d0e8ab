"""A run that waits for a debugger before its script's first line."""

import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from glue_local.worker.drivers.run_process import CannotStart
from glue_local.worker.run_folder import RunFolder

ARGUMENT = "--glue-local-debug-port"
"""The run's argument that turns it on; the script does not see it."""

_HOST = "127.0.0.1"


def debug_port(arguments: Mapping[str, str]) -> int | None:
    """Return the debugger's port for a run, None without one; raises CannotStart for an invalid port."""
    port = arguments.get(ARGUMENT)
    if port is None:
        return None
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise CannotStart(f"{ARGUMENT} must be a port from 1 to 65535, not {port!r}")
    if importlib.util.find_spec("debugpy") is None:
        raise CannotStart("--debug needs debugpy where jobs run: pip install 'glue-local[debug]'")
    return int(port)


def await_debugger(folder: RunFolder, script: Path, port: int) -> None:
    """Print the address and wait until a client has attached; raises RuntimeError if the port is in use."""
    # debugpy would warn about Python's frozen modules.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    import debugpy

    # A client that maps its folder to "." means the current directory.
    os.chdir(script.parent)
    folder.waiting.touch()
    try:
        debugpy.listen((_HOST, port))
        print(
            f"glue-local: {script.name} waits for a debugger: attach to {_HOST}:{port} (docs/testing.md);"
            " its timeout is suspended until then",
            file=sys.stderr,
            flush=True,
        )
        debugpy.wait_for_client()
    finally:
        folder.waiting.unlink()
