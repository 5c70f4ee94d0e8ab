"""Find what a server is working on, to tell the user what stopping it does."""

from typing import Any

from glue_local.client.executions import ENDED

_STARTED = ("RUNNING", "STOPPING")


def consequences(glue: Any, stepfunctions: Any) -> list[str]:
    """Return one line for each unfinished job run and execution, which says what happens to it when the server stops."""
    runs = [_of_run(run) for job in _jobs(glue) for run in _unfinished(glue, job)]
    pages = stepfunctions.get_paginator("list_state_machines").paginate()
    machines = [machine for page in pages for machine in page["stateMachines"]]
    executions = [
        f"execution {each['name']} of {machine['name']} was RUNNING: it is lost, start it again"
        for machine in machines
        for each in stepfunctions.list_executions(
            stateMachineArn=machine["stateMachineArn"], statusFilter="RUNNING", maxResults=100
        )["executions"]
    ]
    return runs + executions


def _jobs(glue: Any) -> list[str]:
    return [job["Name"] for page in glue.get_paginator("get_jobs").paginate() for job in page["Jobs"]]


def _unfinished(glue: Any, job: str) -> list[dict[str, Any]]:
    # An unfinished run is among the latest: older ones have ended.
    latest = glue.get_job_runs(JobName=job, MaxResults=50)["JobRuns"]
    return [run for run in latest if run["JobRunState"] not in ENDED]


def _of_run(run: dict[str, Any]) -> str:
    state = run["JobRunState"]
    then = "it is FAILED" if state in _STARTED else "it starts when a server runs on this data directory again"
    return f"run {run['Id']} of {run['JobName']} was {state}: {then}"
