"""The Spark installation of this machine: its Python files and its spark-defaults.conf."""

import importlib.util
import os
import re
from collections.abc import Mapping
from pathlib import Path

_ENTRY = re.compile(r"\s*([^\s=:#!][^\s=:]*)(?:\s*[=:]\s*|\s+)(.*?)\s*$")


def spark_python(env: Mapping[str, str]) -> list[str]:
    """Return the entries of ``PYTHONPATH`` for ``import pyspark``: none if it is installed as a package."""
    home = env.get("SPARK_HOME")
    if importlib.util.find_spec("pyspark") or not home:
        return []
    python = Path(home) / "python"
    return [str(python), *(str(archive) for archive in sorted((python / "lib").glob("py4j*.zip")))]


def spark_defaults(env: Mapping[str, str]) -> dict[str, str]:
    """Return the settings in ``spark-defaults.conf``; none without such a file.

    The command line overrides them, so settings that must be kept are put in front of ours there.
    """
    folder = env.get("SPARK_CONF_DIR") or (os.path.join(env["SPARK_HOME"], "conf") if env.get("SPARK_HOME") else "")
    path = Path(folder) / "spark-defaults.conf"
    if not folder or not path.is_file():
        return {}
    matches = (_ENTRY.match(line) for line in path.read_text().splitlines())
    return {match[1]: match[2] for match in matches if match}
