"""Install clients and tools from their registries in separate environments, and run them against a server."""

import os
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

REQUIREMENTS = Path(__file__).parent / "requirements"
_LONGEST = 1200
"""The timeout in seconds, which includes downloading packages that are not cached."""


class NotInstalled(Exception):
    """A client cannot be installed."""


def run(command: list[str], cwd: Path, **environment: str) -> str:
    """Run a command that must succeed; return its standard output."""
    given = {**os.environ, **environment}
    ran = subprocess.run(command, cwd=cwd, env=given, capture_output=True, text=True, timeout=_LONGEST, check=False)
    assert ran.returncode == 0, f"{command}: {ran.stdout[-3000:]}{ran.stderr[-3000:]}"
    return ran.stdout


def environment_of(port: int, **more: str) -> dict[str, str]:
    """Return environment variables that point AWS's SDKs to a server's port. Because of its IP address, they put buckets into the path."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        **more,
    }


def install(name: str, folder: Path) -> Path:
    """Install what ``requirements/<name>.lock`` pins into a new environment; return the folder of its commands."""
    binaries = folder / ("Scripts" if sys.platform == "win32" else "bin")
    uv = [find_uv_bin(), "--quiet", "--no-config"]
    python = ["--no-python-downloads", "--python"]
    # uv's cache is shared by all processes, which it makes wait for each other, and links files into environments.
    for command in (
        ["venv", *python, sys.executable, str(folder)],
        ["pip", "sync", *python, str(binaries / "python"), str(REQUIREMENTS / f"{name}.lock")],
    ):
        done = subprocess.run([*uv, *command], capture_output=True, text=True, timeout=_LONGEST, check=False)
        if done.returncode:
            reason = f"{name} cannot be installed: {done.stderr[-3000:].strip()}"
            raise NotInstalled(
                f"{reason}\nThe tests of public clients need the package index (UV_DEFAULT_INDEX names another)"
            )
    return binaries
