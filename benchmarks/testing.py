"""Cost of the pytest plugin: for runs without Glue tests, for the first job test, and for fifty."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, median_seconds, seconds

_TESTS = 50
_SCRIPT = """
import sys
from awsglue.context import GlueContext
from awsglue.transforms import ApplyMapping
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext

args = getResolvedOptions(sys.argv, ["JOB_NAME", "n"])
context = GlueContext(SparkContext())
orders = context.create_dynamic_frame.from_options("s3", {"paths": ["s3://raw/orders/"]}, "json")
mapped = ApplyMapping.apply(frame=orders, mappings=[("id", "int", "order", "string")])
print(args["n"], mapped.count())
"""
_SUITE = """
import pytest

@pytest.mark.parametrize("n", range({tests}))
def test_job(run_job, glue_local, n):
    glue_local.put("s3://raw/orders/a.json", '{{"id": 1}}\\n{{"id": 2}}\\n')
    assert run_job("orders", {{"n": n}}).output == f"{{n}} 2\\n"
"""


def measure() -> Iterator[Figure]:
    """Run pytest without Glue tests, with and without the plugin; then with one job test, then with fifty."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_none.py").write_text("def test_nothing():\n    pass\n")
        without = median_seconds(lambda: _pytest(folder, "test_none.py", "-p", "no:glue_local"))
        beside = median_seconds(lambda: _pytest(folder, "test_none.py")) - without
        yield Figure("pytest plugin, no Glue test", f"{1000 * beside:.0f} ms", "≤ 100 ms", beside <= 0.1, "median of 5")
        (folder / "jobs").mkdir()
        (folder / "jobs" / "orders.py").write_text(_SCRIPT)
        for count in (1, _TESTS):
            (folder / f"test_{count}.py").write_text(_SUITE.format(tests=count))
        first = seconds(lambda: _pytest(folder, "test_1.py"))
        yield Figure("pytest with one job test", f"{first:.1f} s", "≤ 15 s", first <= 15, "server, Spark session, run")
        many = seconds(lambda: _pytest(folder, f"test_{_TESTS}.py"))
        each = (many - first) / (_TESTS - 1)
        detail = f"{1000 * each:.0f} ms for each test after the first"
        yield Figure(f"pytest with {_TESTS} job tests", f"{many:.1f} s", "≤ 40 s", many <= 40, detail)


def _pytest(folder: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode or not re.search(r"\d+ passed", done.stdout):
        raise RuntimeError(f"the suite failed:\n{done.stdout}{done.stderr}")
