"""What a verification in an account may cost: an estimate, line by line, before anything is made."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from glue_local.promote.desired import Resource, jobs_started
from glue_local.verify import prices

# Assumed, not measured there: small sets, and a start-up that is not billed.
_SECONDS = {"glueetl": 180, "pythonshell": 60}
_SHARD_HOURS = 1  # a stream is billed by the hour begun
_SPARK_PUTS, _SPARK_GETS = 300, 600  # of a Spark job's reading, writing and listing
_SHELL_PUTS, _SHELL_GETS = 20, 50


class Line(NamedTuple):
    """One item of an estimate: how much of what, and its price in USD."""

    service: str
    what: str
    usd: float


def estimate(resources: list[Resource], state_machine: str, events: int) -> list[Line]:
    """Return what publishing ``events`` and executing the state machine once would cost at list prices."""
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
    """Return the sum in USD."""
    return sum(line.usd for line in lines)


def _glue(job: Resource) -> Line:
    request = job.request
    command = request["Command"].get("Name", "glueetl")
    seconds = max(_SECONDS.get(command, _SECONDS["glueetl"]), prices.GLUE_MINIMUM_SECONDS)
    dpus, capacity = _capacity(request)
    rates = prices.GLUE_DPU_HOUR_FLEX if request.get("ExecutionClass") == "FLEX" else prices.GLUE_DPU_HOUR
    rate = rates.get(str(request.get("GlueVersion", "")), rates[""])
    what = f"{job.name}: {capacity} for {seconds // 60} min, {dpus * seconds / 3600:.4f} DPU-hours at {rate}"
    return Line("Glue", what, dpus * seconds / 3600 * rate)


def _capacity(request: dict[str, Any]) -> tuple[float, str]:
    """Return a job's DPUs, and how they come about."""
    worker, number = request.get("WorkerType"), request.get("NumberOfWorkers")
    if worker and number:
        return prices.DPUS.get(worker, 1.0) * number, f"{number} x {worker}"
    # What AWS gives a job that names none: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html
    capacity = float(request.get("MaxCapacity") or (0.0625 if request["Command"].get("Name") == "pythonshell" else 10))
    return capacity, f"{capacity:g} DPU"


def _kinesis(events: int) -> Line:
    usd = _SHARD_HOURS * prices.KINESIS_SHARD_HOUR + events / 1e6 * prices.KINESIS_MILLION_PUTS
    return Line("Kinesis", f"{_SHARD_HOURS} shard-hour, {events} PUT units", usd)


def _firehose(events: int) -> Line:
    gigabytes = events * prices.FIREHOSE_RECORD_KILOBYTES / 1024**2
    what = f"{events} records of {prices.FIREHOSE_RECORD_KILOBYTES} KB, {gigabytes:.4f} GB"
    return Line("Firehose", what, gigabytes * prices.FIREHOSE_GIGABYTE)


def _s3(jobs: list[Resource]) -> Line:
    spark = sum(1 for job in jobs if job.request["Command"].get("Name") != "pythonshell")
    puts = spark * _SPARK_PUTS + (len(jobs) - spark) * _SHELL_PUTS
    gets = spark * _SPARK_GETS + (len(jobs) - spark) * _SHELL_GETS
    usd = puts / 1000 * prices.S3_THOUSAND_PUTS + gets / 1000 * prices.S3_THOUSAND_GETS
    return Line("S3", f"about {puts} PUT and LIST, {gets} GET requests", usd)


def _states(definition: dict[str, Any]) -> Line:
    # The way of an execution that succeeds: every state but those that fail, and the start.
    transitions = 1 + sum(1 for state in _states_of(definition) if state.get("Type") != "Fail")
    usd = transitions / 1000 * prices.STATES_THOUSAND_TRANSITIONS
    return Line("Step Functions", f"{transitions} state transitions", usd)


def _states_of(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _states_of(each)
    elif isinstance(value, dict):
        yield from (value.get("States") or {}).values()
        for member in value.values():
            yield from _states_of(member)
