"""The wheels, installed in a project with its own boto3, pandas, pyarrow and PySpark; a job test runs there."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# The project's packages: the oldest boto3 and pyarrow of the ranges, and a compatible pandas.
HELD = {"boto3": "1.34.131", "pandas": "2.2.3", "pyarrow": "17.0.0", "PyYAML": "6.0.2", "pytest": "8.0.0"}
JOB = """
import sys

import pandas
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.transforms import Filter
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext


def paid(orders):
    return Filter.apply(orders, f=lambda order: order["state"] == "paid")


if __name__ == "__main__":
    args = getResolvedOptions(sys.argv, ["JOB_NAME", "pandas"])
    assert pandas.__version__ == args["pandas"]
    context = GlueContext(SparkContext())
    job = Job(context)
    job.init(args["JOB_NAME"], args)
    orders = context.create_dynamic_frame.from_options("s3", {"paths": ["s3://shop/raw/"]}, "json")
    paid(orders).toDF().write.parquet("s3://shop/paid/")
    job.commit()
"""
DEFINITION = """
Name: orders
Role: shop-glue
GlueVersion: "5.0"
Command: {Name: glueetl, PythonVersion: "3", ScriptLocation: "s3://shop-scripts/orders.py"}
"""
TEST = """
import boto3

import pandas


def test_the_paid_orders_are_kept(glue_local, run_job, spark):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="shop")
    s3.put_object(Bucket="shop", Key="raw/a.json", Body=b'{"id": 1, "state": "paid"}\\n{"id": 2, "state": "open"}\\n')
    run_job("orders", {"--pandas": pandas.__version__})
    rows = [row.asDict() for row in spark.read.parquet("s3://shop/paid/").collect()]
    assert rows == [{"id": 1, "state": "paid"}]
"""
UNIT_TEST = """
from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from orders import paid
from pyspark.context import SparkContext

context = GlueContext(SparkContext("local[1]"))
rows = context.spark_session.createDataFrame([(1, "paid"), (2, "open")], "id int, state string")
assert [row.id for row in paid(DynamicFrame.fromDF(rows, context, "orders")).toDF().collect()] == [1]
try:
    import glue_local
except ModuleNotFoundError:
    print("no server")
"""


def run(*command: str | Path, folder: Path = ROOT) -> str:
    """Run a command and return its output, which a failure shows completely."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTEST_ADDOPTS")}
    # As in an activated environment: PySpark starts the first python3 of the PATH.
    environment["PATH"] = f"{folder / '.venv' / 'bin'}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both wheels, built from this checkout."""
    folder = tmp_path_factory.mktemp("wheels")
    pip = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    run(*pip, ROOT, ROOT / "packages" / "awsglue")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a job, its test, and an environment into which the installed PySpark is linked."""
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "orders.py").write_text(JOB)
    (tmp_path / "jobs" / "orders.yaml").write_text(DEFINITION)
    (tmp_path / "test_orders.py").write_text(TEST)
    run(sys.executable, "-m", "venv", tmp_path / ".venv")
    here, there = (Path(run(python, "-c", PURELIB).strip()) for python in (sys.executable, python_of(tmp_path)))
    # Avoids downloading and building three hundred megabytes.
    for name in ("pyspark", "py4j"):
        info = f"{name}-{distribution(name).version}.dist-info"
        for folder in (name, info):
            shutil.copytree(here / folder, there / folder, copy_function=os.link)
    return tmp_path


PURELIB = "import sysconfig; print(sysconfig.get_path('purelib'))"


def python_of(project: Path) -> Path:
    """Return the Python of a project's environment."""
    return project / ".venv" / "bin" / "python"


def versions(project: Path) -> dict[str, str]:
    """Return the packages installed in a project's environment, by name."""
    listed = json.loads(run(python_of(project), "-m", "pip", "list", "--format", "json"))
    return {each["name"]: each["version"] for each in listed}


@pytest.mark.long
@pytest.mark.spark
def test_a_job_is_tested_beside_the_projects_own_packages(project: Path, wheels: Path) -> None:
    pip = (python_of(project), "-m", "pip", "install", "--quiet")
    run(*pip, *(f"{name}=={version}" for name, version in HELD.items()), "numpy<2.4")
    run(*pip, "--find-links", wheels, "glue-local")
    installed = versions(project)
    assert {name: installed[name] for name in HELD} == HELD
    assert not {"lxml", "docker", "debugpy", "cfn-lint"} & set(installed)
    run(python_of(project), "-m", "pip", "check")
    assert "1 passed" in run(python_of(project), "-m", "pytest", "-q", folder=project)
    told = subprocess.run([project / ".venv/bin/glue-local", "feed"], capture_output=True, text=True, check=False)
    assert told.stderr == (
        "glue-local: glue-local feed needs lxml, which is not installed: run `pip install 'glue-local[feed]'`\n"
    )


@pytest.mark.long
@pytest.mark.spark
def test_awsglue_alone_is_enough_for_unit_tests(project: Path, wheels: Path) -> None:
    run(python_of(project), "-m", "pip", "install", "--quiet", "--find-links", wheels, "glue-local-awsglue", "pandas")
    assert "moto" not in versions(project)
    (project / "jobs" / "unit.py").write_text(UNIT_TEST)
    assert run(python_of(project), project / "jobs" / "unit.py", folder=project).splitlines()[-1] == "no server"
