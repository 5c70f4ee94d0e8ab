"""Spark runs on a real worker: warm drivers, their sessions, and every way to end."""

import time
from typing import Any

import pytest

HEAD = "from pyspark.context import SparkContext\nfrom pyspark.sql import SparkSession\n"


def spark_run(bench: Any, body: str, **definition: Any) -> Any:
    return bench.run(HEAD + body, "glueetl", **definition)


def test_a_script_reads_and_writes_s3_in_its_own_session(bench: Any) -> None:
    bench.s3.create_bucket(Bucket="data")
    done = spark_run(
        bench,
        "from awsglue.context import GlueContext\n"
        "context = GlueContext(SparkContext.getOrCreate())\n"
        "spark = context.spark_session\n"
        "spark.range(6).selectExpr('id', 'id % 2 AS k').write.partitionBy('k').parquet('s3://data/out/')\n"
        "frame = context.create_dynamic_frame.from_options('s3', {'paths': ['s3://data/out/'], 'recurse': True}, 'parquet')\n"
        "print(frame.count(), spark.sparkContext.parallelize(range(4)).map(lambda n: n * n).sum())\n"
        "spark.range(1).createOrReplaceTempView('left_behind')\n",
    )
    assert done.state == "SUCCEEDED", done
    assert done.output == ["6 14"]
    assert not any("/dev/null" in line for line in done.error), "the SDK does not warn that there are no profiles"
    keys = [item["Key"] for item in bench.s3.list_objects_v2(Bucket="data")["Contents"]]
    assert {key.split("/")[1] for key in keys if key.endswith(".parquet")} == {"k=0", "k=1"}


@pytest.mark.parametrize("make", ["SparkContext()", "SparkSession.builder.appName('mine').getOrCreate().sparkContext"])
def test_every_way_to_create_a_context_returns_the_warm_one(bench: Any, make: str) -> None:
    done = spark_run(
        bench,
        f"context = {make}\nspark = SparkSession(context)\n"
        "print(spark.range(10).count(), [t.name for t in spark.catalog.listTables()])\n",
    )
    assert done.state == "SUCCEEDED", done
    assert done.output == ["10 []"], "and it has no state of another run"


def test_customers_variables_reach_the_driver_and_the_executors(bench: Any) -> None:
    done = spark_run(
        bench,
        "import os\n"
        "def told(_=0): return sorted(f'{k}={v}' for k, v in os.environ.items() if k.startswith(('CUSTOMER', 'KEY4')))\n"
        "print(told(), SparkContext.getOrCreate().parallelize([1], 1).map(told).collect())\n",
        DefaultArguments={
            "--customer-driver-env-vars": "CUSTOMER_A=driver,KEY4=VAL4",
            "--customer-executor-env-vars": 'CUSTOMER_A="of, executors",CUSTOMER_B=1',
        },
    )
    assert done.state == "SUCCEEDED", done
    assert done.output == ["['CUSTOMER_A=driver'] [['CUSTOMER_A=of, executors', 'CUSTOMER_B=1']]"]


def test_a_failure_names_its_line(bench: Any) -> None:
    done = spark_run(bench, "context = SparkContext.getOrCreate()\nraise ValueError('no such road')\n")
    assert done.state == "FAILED"
    assert done.message == "Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 4; ValueError: no such road"
    assert any("no such road" in line for line in done.error)
    assert not any("runpy" in line for line in done.error), "the message does not mention the worker's own frames"


def test_a_failure_in_the_jvm_is_reported_without_its_stack(bench: Any) -> None:
    done = spark_run(bench, "SparkContext.getOrCreate()._jvm.java.net.URI('a b')\n")
    told = "An error occurred while calling None.java.net.URI. Illegal character in path at index 1: a b"
    assert done.message == f"Error Category: UNCLASSIFIED_ERROR; Failed Line Number: 3; {told}"
    assert any("URISyntaxException" in line for line in done.error)


def test_a_script_that_kills_its_jvm_fails_even_without_an_exception(bench: Any) -> None:
    done = spark_run(
        bench,
        "context = SparkContext.getOrCreate()\n"
        "try:\n    context._jvm.java.lang.Runtime.getRuntime().halt(7)\nexcept Exception:\n    pass\n",
    )
    assert done.state == "FAILED"
    assert "JVM" in done.message


def test_settings_that_a_running_session_accepts_are_set_on_it(bench: Any) -> None:
    arguments = {"--conf": "spark.sql.shuffle.partitions=3 --conf spark.sql.session.timeZone=UTC"}
    body = "spark = SparkSession.builder.getOrCreate()\nprint(spark.conf.get('spark.sql.shuffle.partitions'))\n"
    done = spark_run(bench, body, DefaultArguments=arguments)
    assert (done.state, done.output) == ("SUCCEEDED", ["3"])
    assert not any("cold start" in line for line in done.error)


def test_other_settings_cause_a_cold_start_with_a_note(bench: Any) -> None:
    arguments = {"--conf": "spark.executor.heartbeatInterval=11s"}
    body = "spark = SparkSession.builder.getOrCreate()\nprint(spark.conf.get('spark.executor.heartbeatInterval'))\n"
    done = spark_run(bench, body, DefaultArguments=arguments)
    assert (done.state, done.output) == ("SUCCEEDED", ["11s"])
    assert "cold start" in done.error[0]
    assert "spark.executor.heartbeatInterval" in done.error[0]


def test_unsupported_arguments_that_would_change_the_result_fail_the_run(bench: Any) -> None:
    done = spark_run(bench, "print('never')\n", DefaultArguments={"--class": "org.example.Main"})
    assert (done.state, done.output) == ("FAILED", [])
    assert "--class" in done.message


def test_the_jvm_does_not_resolve_aws_host_names(bench: Any) -> None:
    done = spark_run(
        bench,
        "jvm = SparkContext.getOrCreate()._jvm\n"
        "try:\n    jvm.java.net.InetAddress.getByName('s3.amazonaws.com')\n"
        "except Exception as error:\n    print('UnknownHostException' in str(error))\n",
    )
    assert (done.state, done.output) == ("SUCCEEDED", ["True"])


def test_a_jobs_java_options_files_and_time_zone(bench: Any) -> None:
    bench.s3.put_object(Bucket="scripts", Key="lib/lanes.py", Body=b"def count(n):\n    return n + 1\n")
    done = spark_run(
        bench,
        "import lanes\ncontext = SparkContext.getOrCreate()\n"
        "print(context.parallelize([1, 2]).map(lambda n: lanes.count(n)).collect())\n"
        "system = context._jvm.java.lang.System\n"
        "print(system.getProperty('mine'), system.getProperty('jdk.net.hosts.file') is not None)\n"
        "print(SparkSession(context).sql('select cast(timestamp_seconds(0) as string)').first()[0])\n",
        DefaultArguments={
            "--extra-py-files": "s3://scripts/lib/lanes.py",
            "--conf": "spark.driver.extraJavaOptions=-Dmine=yes -Duser.timezone=Europe/Brussels",
        },
    )
    assert (done.state, done.output) == ("SUCCEEDED", ["[2, 3]", "yes True", "1970-01-01 00:00:00"]), done


def test_a_streaming_job_runs_until_it_is_stopped(bench: Any) -> None:
    script = (
        HEAD
        + "import time\nspark = SparkSession.builder.getOrCreate()\nprint('streaming')\nwhile True:\n    time.sleep(1)\n"
    )
    name = bench.job(script, "gluestreaming")
    run_id = bench.start(name)
    run = bench.await_state(name, run_id, "RUNNING")
    while not bench.lines(run, "output"):
        time.sleep(0.1)
    assert "Timeout" not in run
    bench.glue.batch_stop_job_run(JobName=name, JobRunIds=[run_id])
    assert bench.ended(name, run_id).state == "STOPPED"
