"""What an execution of a state machine would have cost on AWS, with everything that its states started."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from glue_local import prices
from glue_local.client.executions import history, job_of
from glue_local.costs import Cost
from glue_local.costs.crawls import crawl_cost
from glue_local.costs.job_runs import run_cost

Clients = Callable[[str], Any]

_BATCH = 50  # the most ids that BatchGetQueryExecution accepts
_MEGABYTE = 1024**2


@dataclass(frozen=True)
class Query:
    """A query, as AWS bills it: DDL is free."""

    text: str
    scanned: int
    billed: bool


def execution_costs(clients: Clients, arn: str) -> list[Cost]:
    """Return the costs of a standard execution that has ended, one for each run, crawl and service.

    Includes the executions that its states started. Raises ValueError for an EXPRESS state machine, whose executions
    have no history.
    """
    states = clients("stepfunctions")
    execution = states.describe_execution(executionArn=arn)
    machine = states.describe_state_machine(stateMachineArn=execution["stateMachineArn"])
    if machine.get("type") == "EXPRESS":
        raise ValueError(f"glue-local does not estimate the cost of EXPRESS state machines: {machine['name']}")
    events = history(states, arn)
    started = list(_started(events))
    glue = clients("glue")
    found = [run_cost(run) for run in _runs(glue, _all(started, "JobRunId"))]
    found += [cost for name in _all(started, "Crawler") for cost in _crawls(glue, name, execution)]
    found += _query_costs(queries(clients("athena"), _all(started, "QueryExecutionId")))
    count = transitions(events)
    found.append(Cost("Step Functions", f"{count} state transitions", prices.state_transitions(count)))
    for nested in _all(started, "ExecutionArn"):
        found += execution_costs(clients, nested)
    return found


def transitions(events: Sequence[Mapping[str, Any]]) -> int:
    """Count the state transitions: the start, every state entered, and every retry."""
    kinds = Counter(event["type"] for event in events)
    entered = sum(count for kind, count in kinds.items() if kind.endswith("StateEntered"))
    retries = max(0, kinds["TaskScheduled"] - kinds["TaskStateEntered"])
    return 1 + entered + retries


def queries(athena: Any, ids: Sequence[str]) -> Iterator[Query]:
    """Yield the queries with these ids."""
    for start in range(0, len(ids), _BATCH):
        answer = athena.batch_get_query_execution(QueryExecutionIds=ids[start : start + _BATCH])
        for query in answer["QueryExecutions"]:
            written = query["StatementType"] == "DML" or query.get("SubstatementType") == "CREATE_TABLE_AS_SELECT"
            is_billed = written and query["Status"]["State"] != "FAILED"
            yield Query(query["Query"], int(query["Statistics"].get("DataScannedInBytes", 0)), is_billed)


def _started(events: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield what the tasks of an execution started, as {JobRunId}, {QueryExecutionId}, {ExecutionArn} or {Crawler}."""
    for event in events:
        scheduled = event.get("taskScheduledEventDetails", {})
        if scheduled.get("resource", "").partition(".")[0] == "startCrawler":
            yield {"Crawler": _document(scheduled.get("parameters")).get("Name", "")}
        for member in ("taskSubmittedEventDetails", "taskSucceededEventDetails"):
            details = event.get(member, {})
            if details.get("resource", "").partition(".")[0] in (
                "startJobRun",
                "startQueryExecution",
                "startExecution",
            ):
                yield _document(details.get("output"))


def _all(started: Iterable[Mapping[str, Any]], member: str) -> list[str]:
    return list(dict.fromkeys(str(each[member]) for each in started if each.get(member)))


def _runs(glue: Any, run_ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    for run_id in run_ids:
        job = job_of(glue, run_id)
        # GetJobRun needs the job's name, which is lost if the job was deleted.
        if job is not None:
            yield glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]


def _crawls(glue: Any, name: str, execution: Mapping[str, Any]) -> list[Cost]:
    ended = execution.get("stopDate")
    crawls = glue.list_crawls(CrawlerName=name, MaxResults=100)["Crawls"]
    of_it = [each for each in crawls if each["StartTime"] >= execution["startDate"]]
    return [crawl_cost(name, each) for each in of_it if ended is None or each["StartTime"] <= ended]


def _query_costs(found: Iterable[Query]) -> list[Cost]:
    paid = [query for query in found if query.billed]
    if not paid:
        return []
    megabytes = sum(query.scanned for query in paid) / _MEGABYTE
    usd = sum(prices.athena_query(query.scanned) for query in paid)
    return [Cost("Athena", f"{len(paid)} queries that scanned {megabytes:.1f} MB, each billed for at least 10 MB", usd)]


def _document(text: str | None) -> dict[str, Any]:
    try:
        document = json.loads(text or "{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
