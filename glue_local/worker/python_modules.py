"""``--additional-python-modules``: packages, wheels and archives installed into a run's folder by pip.

Page: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-libraries.html
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glue_local.worker.arguments import paths
from glue_local.worker.fetch import CannotFetch, fetch
from glue_local.worker.run_folder import RunFolder

ARGUMENT, OPTIONS = "--additional-python-modules", "--python-modules-installer-option"

_PIP_SECONDS = 600
_DISTRIBUTION = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2")
# A name, extras, and a version (PEP 508); lists are split at commas, so there is at most one version condition.
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?(\s*\[[\w., -]*\])?\s*((===|==|~=|!=|<=|>=|<|>)\s*[\w.*+!-]+)?"
)
_REQUIREMENTS_FILE = ("-r", "--requirement")


def install(s3: Any, arguments: Mapping[str, str], folder: RunFolder) -> list[str]:
    """Install the argument's packages; return the folder for the path, or none without packages."""
    named = paths(arguments, ARGUMENT)
    if not named:
        return []
    options = shlex.split(arguments.get(OPTIONS) or "")
    # pip3 install … -r requirements.txt: AWS's syntax for a requirements file.
    from_file = bool(options) and options[-1] in _REQUIREMENTS_FILE
    modules = [_module(s3, name, folder, from_file=from_file) for name in named]
    if from_file:
        options = [*options[:-1], *(part for module in modules for part in ("-r", module))]
    else:
        options = [*options, "--", *modules]
    _pip([*options], ",".join(named), folder.modules)
    return [str(folder.modules)]


def _module(s3: Any, name: str, folder: RunFolder, *, from_file: bool) -> str:
    """Return pip's argument for one entry, downloaded if it is on S3; raises CannotFetch for invalid entries."""
    if name.startswith("-"):
        raise CannotFetch(
            f"{ARGUMENT} takes packages, wheels and archives, not the pip option {name}: pass it in {OPTIONS}"
        )
    location = name.startswith(("s3://", "s3a://"))
    if from_file:
        if not location:
            raise CannotFetch(f"{ARGUMENT} {name}: with {OPTIONS} -r it is the S3 path of a requirements file")
        return str(fetch(s3, name, folder.files))
    if location and name.endswith(_DISTRIBUTION):
        return str(fetch(s3, name, folder.files))
    if (name.startswith("https://") and name.endswith(_DISTRIBUTION)) or _REQUIREMENT.fullmatch(name):
        return name
    kinds = ", ".join(_DISTRIBUTION)
    raise CannotFetch(f"{ARGUMENT} {name}: it is neither a package (name==version) nor an S3 path that ends in {kinds}")


def _pip(arguments: list[str], named: str, target: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(target), *arguments]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=_PIP_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise CannotFetch(f"{ARGUMENT} {named} was not installed within {_PIP_SECONDS} s") from None
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise CannotFetch(f"{ARGUMENT} {named} could not be installed: {last}")
