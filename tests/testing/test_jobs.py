"""Runs in the test's own process: same behaviour as on a worker, without side effects on the process."""

import logging
import os
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from pyspark.sql import SparkSession

from glue_local.core.clock import system_clock
from glue_local.promote.definition.document import DefinitionError
from glue_local.server import WORK
from glue_local.testing.account import Account
from glue_local.testing.in_process import run_here
from glue_local.testing.in_process_runs import NotInProcess
from glue_local.testing.jobs import RunJob
from glue_local.work import expire

HEAD = """
import sys
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
"""
ORDERS = (
    HEAD
    + """
args = getResolvedOptions(sys.argv, ["JOB_NAME", "day"])
context = GlueContext(SparkContext())
job = Job(context)
job.init(args["JOB_NAME"], args)
orders = context.create_dynamic_frame.from_options(
    "s3", {"paths": [f"s3://raw/{args['day']}/"]}, "json", transformation_ctx="orders"
)
print("orders", orders.count())
if orders.count():
    orders.toDF().write.mode("append").parquet("s3://curated/orders/")
context.get_logger().info("committing")
job.commit()
"""
)
DEFINITION = """
Name: daily_orders
Role: r
GlueVersion: "5.0"
MaxRetries: 3
Command: {Name: glueetl, PythonVersion: "3", ScriptLocation: s3://scripts/orders.py}
DefaultArguments: {--job-bookmark-option: job-bookmark-enable, --day: d1}
"""
SHELL = {"Command": {"Name": "pythonshell", "PythonVersion": "3.9", "ScriptLocation": "s3://scripts/s.py"}}


@pytest.fixture
def script(tmp_path: Path) -> Any:
    """Write a script with its definition and other files beside it; return its path."""

    def write(text: str, name: str = "orders.py", **beside: str) -> Path:
        for other, content in beside.items():
            (tmp_path / other.replace("__", ".")).write_text(content)
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_a_job_uses_the_accounts_buckets_and_bookmarks(
    run_job: RunJob, glue_local: Account, spark: SparkSession, script: Any
) -> None:
    glue_local.put("s3://raw/d1/a.json", '{"id": 1}\n{"id": 2}\n')
    glue_local.client("s3").create_bucket(Bucket="curated")
    path = script(ORDERS, orders__yaml=DEFINITION)
    first, second = run_job(path, {"--day": "d1"}), run_job(path)
    assert first.succeeded, first
    assert (first.job, first.output, second.output) == ("daily_orders", "orders 2\n", "orders 0\n")
    assert "INFO GlueLogger: committing" in first.errors
    assert "INFO GlueLogger: committing" in second.errors
    assert spark.read.parquet("s3://curated/orders/").count() == 2
    runs = glue_local.client("glue").get_job_runs(JobName="daily_orders")["JobRuns"]
    assert [(run["JobRunState"], run["Arguments"]) for run in runs] == [
        ("SUCCEEDED", {}),
        ("SUCCEEDED", {"--day": "d1"}),
    ]


@pytest.mark.parametrize("attempt", [1, 2])
def test_tests_are_isolated_from_each_other(glue_local: Account, spark: SparkSession, attempt: int) -> None:
    glue, s3 = glue_local.client("glue"), boto3.client("s3")
    assert glue.get_databases()["DatabaseList"] == []
    assert s3.list_buckets()["Buckets"] == []
    glue.create_database(DatabaseInput={"Name": "db"})
    glue_local.put("s3://one-name/a.json", f'{{"attempt": {attempt}}}')
    assert [row.attempt for row in spark.read.json("s3://one-name/").collect()] == [attempt]


def test_a_failed_run_is_returned_and_not_retried(run_job: RunJob, script: Any, glue_local: Account) -> None:
    run = run_job(script("x = 1\nprint('so far')\nraise ValueError('no orders')\n", orders__yaml=DEFINITION))
    assert not run.succeeded
    assert run.error == "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 3; ValueError: no orders"
    assert "raise ValueError('no orders')" in run.errors
    assert repr(run).splitlines()[:2] == [f"daily_orders: FAILED {run.error}", "  | so far"]
    assert len(glue_local.client("glue").get_job_runs(JobName="daily_orders")["JobRuns"]) == 1


def test_a_python_shell_job_runs_without_spark_and_fails_by_exit_code(run_job: RunJob, script: Any) -> None:
    path = script("import sys\nprint(sys.argv[-1])\nsys.exit(3)\n", "s.py")
    run = run_job(path, {"n": 7}, definition=SHELL)
    assert (run.state, run.error, run.output) == ("FAILED", "SystemExit: 3", "job-bookmark-disable\n")


def test_os_exit_ends_only_the_script(run_job: RunJob, script: Any) -> None:
    runs = [run_job(script(f"import os\nos._exit({code})\n", "s.py"), definition=SHELL) for code in (0, 3)]
    assert [(run.state, run.error) for run in runs] == [("SUCCEEDED", None), ("FAILED", "SystemExit: 3")]


def test_files_beside_the_script_are_used(run_job: RunJob, script: Any) -> None:
    arguments = {"--extra-py-files": "s3://scripts/rates.py", "--extra-files": "s3://scripts/rates.json"}
    path = script(
        "import rates\nprint(rates.__file__, open('rates.json').read())\n",
        "s.py", rates__py="RATE = 2\n", rates__json="[2]",
    )  # fmt: skip
    run = run_job(path, definition={**SHELL, "DefaultArguments": arguments})
    assert run.output == f"{path.parent / 'rates.py'} [2]\n", run


def test_the_process_is_restored(run_job: RunJob, script: Any) -> None:
    code = (
        "import os, sys, logging\nimport left_over\nos.environ['LEFT'] = '1'\nos.chdir('/')\nsys.path.append('/left')\n"
        "logging.basicConfig(level='DEBUG', force=True)\nlogging.warning('mine')\n"
    )
    before = (dict(os.environ), os.getcwd(), list(sys.path), sys.argv, list(logging.getLogger().handlers))
    run = run_job(script(code, "s.py", left_over__py=""), definition=SHELL)
    assert run.succeeded, run
    assert "mine" in run.errors
    assert before == (dict(os.environ), os.getcwd(), list(sys.path), sys.argv, list(logging.getLogger().handlers))
    assert "left_over" not in sys.modules


def test_the_spark_session_is_restored(run_job: RunJob, script: Any, spark: SparkSession) -> None:
    code = HEAD + (
        "spark = GlueContext(SparkContext.getOrCreate()).spark_session\n"
        "spark.range(3).createOrReplaceTempView('left')\nspark.conf.set('spark.sql.shuffle.partitions', 9)\n"
        "spark.table('left').cache().count()\nprint(spark.conf.get('spark.sql.ansi.enabled'))\nspark.stop()\n"
    )
    run = run_job(script(code, "views.py"), {"conf": "spark.sql.ansi.enabled=true"})
    assert (run.state, run.output) == ("SUCCEEDED", "true\n"), run
    assert spark.catalog.listTables() == []
    assert (spark.conf.get("spark.sql.shuffle.partitions"), spark.conf.get("spark.sql.ansi.enabled")) == ("4", "false")
    assert spark.range(2).count() == 2
    assert SparkSession.getActiveSession() is not None


def test_python_functions_find_the_scripts_modules(run_job: RunJob, script: Any) -> None:
    code = HEAD + (
        "import rates\nspark = GlueContext(SparkContext()).spark_session\n"
        "print(spark.sparkContext.parallelize([1, 2]).map(rates.twice).collect())\n"
    )
    run = run_job(script(code, "functions.py", rates__py="def twice(n):\n    return 2 * n\n"))
    assert run.output == "[2, 4]\n", run


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ({"extra-jars": "s3://b/a.jar"}, "", "--extra-jars takes effect before the script starts"),
        ({"conf": "spark.executor.cores=2"}, "", "spark.executor.cores cannot be set on a running Spark session"),
        (
            {},
            HEAD
            + "from pyspark import SparkConf\nSparkContext(conf=SparkConf().set('spark.memory.fraction', '0.5'))\n",
            "spark.memory.fraction cannot be set",
        ),
    ],
)
def test_settings_that_need_their_own_process_are_refused(
    run_job: RunJob, script: Any, glue_local: Account, arguments: Any, code: str, reason: str
) -> None:
    with pytest.raises(NotInProcess, match=rf"{reason}.*: run it in its own process with run_job\(…, worker=True\)"):
        run_job(script(code), arguments)
    runs = glue_local.client("glue").get_job_runs(JobName="orders")["JobRuns"]
    assert [run["JobRunState"] for run in runs] == ["FAILED"]


def test_a_long_run_does_not_expire(run_job: RunJob, script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = run_job.in_process.server

    def sweeping(*arguments: Any, **named: Any) -> Any:
        a_day_on = replace(server.private, clock=lambda: system_clock() + timedelta(days=1))
        expire(a_day_on, WORK, server.settings.heartbeat_timeout)
        return run_here(*arguments, **named)

    monkeypatch.setattr("glue_local.testing.in_process_runs.run_here", sweeping)
    assert run_job(script("", "s.py"), definition=SHELL).succeeded


def test_a_streaming_job_is_refused(run_job: RunJob, script: Any, glue_local: Account) -> None:
    with pytest.raises(NotInProcess, match="orders is a gluestreaming job and runs until it is stopped"):
        run_job(script(""), definition={"Command": {"Name": "gluestreaming"}})
    assert glue_local.client("glue").get_job_runs(JobName="orders")["JobRuns"] == []


def test_a_missing_script_and_an_invalid_definition_are_reported(run_job: RunJob, script: Any) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"run_job\('absent'\): .*jobs/absent.py does not exist: pass a script's"
    ):
        run_job("absent")
    with pytest.raises(DefinitionError, match=r"orders.yaml:2: .*Rolle"):
        run_job(script("", orders__yaml="Name: x\nRolle: y\n"))


def test_the_example_projects_resources_are_provisioned(run_job: RunJob, glue_local: Account) -> None:
    glue_local.provision()
    glue_local.put("s3://traffic-raw/config/c.xml", "<miv/>")
    run = run_job("load_points")
    assert run.state == "FAILED"
    assert "config/c.xml is a <miv>" in (run.error or "")


def test_a_run_on_a_real_worker(run_job: RunJob, script: Any) -> None:
    code = "import os, sys\nimport awsgluedq.transforms\nprint(os.getpid())\nprint('reported', file=sys.stderr)\nsys.exit(open('rates.json').read())\n"
    path = script(code, "s.py", rates__json="no rates")
    run = run_job(
        path, worker=True, definition={**SHELL, "DefaultArguments": {"--extra-files": "s3://scripts/rates.json"}}
    )
    assert (run.state, run.error, run.errors) == ("FAILED", "SystemExit: no rates", "reported\nno rates\n")
    assert int(run.output) != os.getpid()
    assert run_job(path, definition=SHELL).state == "FAILED"
