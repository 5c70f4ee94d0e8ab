"""Estimate the cost of a verification in an account, item by item, before anything is created."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from glue_local import prices
from glue_local.promote.definition.desired import Resource, jobs_started

# Assumptions for small samples, not measured in AWS; start-up time is not billed.
_SECONDS = {"glueetl": 180, "pythonshell": 60}
_SHARD_HOURS = 1  # Kinesis bills started hours
_SPARK_PUTS, _SPARK_GETS = 300, 600  # per Spark job
_SHELL_PUTS, _SHELL_GETS = 20, 50


class Line(NamedTuple):
    """One item of an estimate: service, quantity and price in USD."""

    service: str
    what: str
    usd: float


def estimate(resources: list[Resource], state_machine: str, events: int) -> list[Line]:
    """Return the cost at list prices of publishing ``events`` and executing the state machine once."""
    machine = next(each for each in resources if each.key == f"state_machines/{state_machine}")
    definition = json.loads(machine.request["definition"])
    started = [name for _, name in jobs_started(definition)]
    jobs = [each for name in started for each in resources if each.key == f"jobs/{name}"]
    return [
        *map(_glue, jobs),
        _kinesis(events),
        _firehose(events),
        _s3(jobs),
        _states(definition),
    ]


def total(lines: list[Line]) -> float:
    """Return the total in USD."""
    return sum(line.usd for line in lines)


def _glue(job: Resource) -> Line:
    request = job.request
    command = request["Command"].get("Name", "glueetl")
    seconds = max(_SECONDS.get(command, _SECONDS["glueetl"]), prices.GLUE_MINIMUM_SECONDS)
    dpus, capacity = _capacity(request)
    rate = prices.glue_rate(str(request.get("GlueVersion", "")), str(request.get("ExecutionClass", "")))
    what = f"{job.name}: {capacity} for {seconds // 60} min, {dpus * seconds / 3600:.4f} DPU-hours at {rate.usd}"
    return Line("Glue", what, prices.glue_run(dpus, seconds, rate))


def _capacity(request: dict[str, Any]) -> tuple[float, str]:
    """Return a job's DPUs and their description."""
    worker, number = request.get("WorkerType"), request.get("NumberOfWorkers")
    if worker and number:
        return prices.DPUS.get(worker, 1.0) * number, f"{number} x {worker}"
    # Defaults of AWS: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html
    capacity = float(request.get("MaxCapacity") or (0.0625 if request["Command"].get("Name") == "pythonshell" else 10))
    return capacity, f"{capacity:g} DPU"


def _kinesis(events: int) -> Line:
    usd = _SHARD_HOURS * prices.KINESIS_SHARD_HOUR.usd + events / 1e6 * prices.KINESIS_MILLION_PUTS.usd
    return Line("Kinesis", f"{_SHARD_HOURS} shard-hour, {events} PUT units", usd)


def _firehose(events: int) -> Line:
    gigabytes = events * prices.FIREHOSE_RECORD_KILOBYTES / 1024**2
    what = f"{events} records of {prices.FIREHOSE_RECORD_KILOBYTES} KB, {gigabytes:.4f} GB"
    return Line("Firehose", what, gigabytes * prices.FIREHOSE_GIGABYTE.usd)


def _s3(jobs: list[Resource]) -> Line:
    spark = sum(1 for job in jobs if job.request["Command"].get("Name") != "pythonshell")
    puts = spark * _SPARK_PUTS + (len(jobs) - spark) * _SHELL_PUTS
    gets = spark * _SPARK_GETS + (len(jobs) - spark) * _SHELL_GETS
    usd = prices.s3_requests({"PUT": puts, "GET": gets})
    return Line("S3", f"about {puts} PUT and LIST, {gets} GET requests", usd)


def _states(definition: dict[str, Any]) -> Line:
    # A successful execution: the start, and every state except Fail states.
    transitions = 1 + sum(1 for state in _states_of(definition) if state.get("Type") != "Fail")
    return Line("Step Functions", f"{transitions} state transitions", prices.state_transitions(transitions))


def _states_of(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _states_of(each)
    elif isinstance(value, dict):
        yield from (value.get("States") or {}).values()
        for member in value.values():
            yield from _states_of(member)
