"""The Spark that is installed where the worker runs: its Python files, and the defaults its owner gave it."""

import importlib.util
import os
import re
from collections.abc import Mapping
from pathlib import Path

_ENTRY = re.compile(r"\s*([^\s=:#!][^\s=:]*)(?:\s*[=:]\s*|\s+)(.*?)\s*$")


def spark_python(env: Mapping[str, str]) -> list[str]:
    """Return what has to be on ``PYTHONPATH`` for ``import pyspark``: nothing where it is installed like any package."""
    home = env.get("SPARK_HOME")
    if importlib.util.find_spec("pyspark") or not home:
        return []
    python = Path(home) / "python"
    return [str(python), *(str(archive) for archive in sorted((python / "lib").glob("py4j*.zip")))]


def spark_defaults(env: Mapping[str, str]) -> dict[str, str]:
    """Return the settings in ``spark-defaults.conf``; none where there is no such file.

    What is given on the command line takes their place, so what must not be lost is put in front of ours.
    """
    folder = env.get("SPARK_CONF_DIR") or (os.path.join(env["SPARK_HOME"], "conf") if env.get("SPARK_HOME") else "")
    path = Path(folder) / "spark-defaults.conf"
    if not folder or not path.is_file():
        return {}
    matches = (_ENTRY.match(line) for line in path.read_text().splitlines())
    return {match[1]: match[2] for match in matches if match}
