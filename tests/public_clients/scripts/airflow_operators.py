"""Airflow's operators and sensors for Athena and Glue, executed without a scheduler. Prints the results as JSON."""

import json
import os
import sys
from types import SimpleNamespace
from typing import Any

from airflow.exceptions import AirflowException
from airflow.providers.amazon.aws.operators.athena import AthenaOperator
from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from airflow.providers.amazon.aws.sensors.athena import AthenaSensor
from airflow.providers.amazon.aws.sensors.glue import GlueJobSensor
from airflow.providers.amazon.aws.sensors.glue_catalog_partition import GlueCatalogPartitionSensor

STAGING = os.environ["STAGING"]
ENDLESS = (
    "SELECT count(*) FROM unnest(sequence(1, 10000)) a(x), unnest(sequence(1, 10000)) b(y), "
    "unnest(sequence(1, 10000)) c(z) WHERE x * y + z = 7"
)


def context() -> Any:
    """Return the parts of a task's context that these operators use."""
    task = SimpleNamespace(try_number=1, stats_tags={}, xcom_push=lambda **_: None)
    return {"ti": task, "task_instance": task, "task_state_store": None}


def athena() -> dict[str, Any]:
    database = os.environ["DATABASE"]
    common = {"database": database, "output_location": f"{STAGING}airflow/", "sleep_time": 1}
    counted = AthenaOperator(task_id="count", query="SELECT count(*) AS n FROM readings", **common)
    query_id = counted.execute(context())
    results = counted.hook.get_query_results(query_id)["ResultSet"]["Rows"]
    failed = AthenaOperator(task_id="fail", query="SELECT nothing FROM readings", **common)
    try:
        failed.execute(context())
        message = ""
    except AirflowException as problem:
        message = str(problem)
    stopped = AthenaOperator(task_id="stop", query=ENDLESS, **common)
    stopped.query_execution_id = stopped.hook.run_query(
        stopped.query, {"Database": database}, {"OutputLocation": f"{STAGING}airflow/"}
    )
    stopped.on_kill()
    partition = GlueCatalogPartitionSensor(
        task_id="partition", database_name=database, table_name="readings", expression="country='BE'"
    )
    return {
        "rows": results,
        "counted": query_id,
        "location": counted.hook.get_output_location(query_id),
        "sensor": AthenaSensor(task_id="wait", query_execution_id=query_id).poke(context()),
        "failure": message,
        "stopped": stopped.query_execution_id,
        "partition": partition.poke(context()),
        "no partition": GlueCatalogPartitionSensor(
            task_id="none", database_name=database, table_name="readings", expression="country='FR'"
        ).poke(context()),
    }


def glue() -> dict[str, Any]:
    script = os.path.join(os.environ["SCRIPTS"], "shell_job.py")
    operator = GlueJobOperator(
        task_id="job",
        job_name="airflow-job",
        script_location=script,
        s3_bucket=os.environ["BUCKET"],
        iam_role_name="airflow-glue",
        create_job_kwargs={"Command": {"Name": "pythonshell", "PythonVersion": "3.9"}, "MaxCapacity": 0.0625},
        script_args={"--word": "hello"},
        verbose=True,
        job_poll_interval=1,
    )
    run = operator.execute(context())
    sensor = GlueJobSensor(task_id="sensor", job_name="airflow-job", run_id=run, verbose=True)
    failing = GlueJobOperator(
        task_id="failing",
        job_name="airflow-job",
        script_location=operator.s3_script_location,
        iam_role_name="airflow-glue",
        create_job_kwargs={"Command": {"Name": "pythonshell", "PythonVersion": "3.9"}, "MaxCapacity": 0.0625},
        script_args={"--word": "fail"},
        job_poll_interval=1,
    )
    try:
        failing.execute(context())
        message = ""
    except AirflowException as problem:
        message = str(problem)
    return {
        "state": operator.hook.get_job_state("airflow-job", run),
        "sensor": sensor.poke(context()),
        "failure": message,
        "script": operator.s3_script_location,
    }


def main() -> None:
    print(json.dumps({"athena": athena, "glue": glue}[sys.argv[1]]()))


if __name__ == "__main__":
    main()
