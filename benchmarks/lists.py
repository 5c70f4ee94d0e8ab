"""Pages of long lists of Glue compared with pages of short ones: triggers, jobs, crawlers, crawls, job runs and workflow runs."""

import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import boto3

from benchmarks.figures import Figure
from glue_local.server import Server
from glue_local.settings import Settings
from glue_local.store import Documents

ACCOUNT, REGION, SHORT_REGION = "000000000000", "us-east-1", "eu-west-1"
COUNT, RUNS, PAGE, TIMES = 1000, 10_000, 20, 15
BUDGET, RATIO = 50, 1.5  # milliseconds

# By operation: the kind of document and its number, the arguments, and the ratio before lists were paged in the store.
LISTS: dict[str, tuple[str, int, dict[str, str], float]] = {
    "GetTriggers": ("trigger", COUNT, {}, 3.0),
    "ListTriggers": ("trigger", COUNT, {}, 1.25),
    "GetJobs": ("job", COUNT, {}, 1.51),
    "GetCrawlers": ("crawler", COUNT, {}, 1.32),
    "ListCrawlers": ("crawler", COUNT, {}, 1.81),
    "ListCrawls": ("crawl", COUNT, {"CrawlerName": "c"}, 2.34),
    "GetJobRuns": ("job_run", RUNS, {"JobName": "j"}, 0.97),
    "GetWorkflowRuns": ("workflow_run", COUNT, {"Name": "w"}, 0.83),
}


def measure() -> Iterator[Figure]:
    """Measure pages of 20 of a list of 20 and of a long list alternately, and the first and last page of the default size."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Settings(port=0, data_dir=Path(folder), children=())) as server,
    ):
        clients = [_client(server, region) for region in (REGION, SHORT_REGION)]
        for glue, short in zip(clients, (False, True), strict=True):
            _fill(glue, server.store.scope(ACCOUNT, glue.meta.region_name), short)
        for operation, (_, count, arguments, before) in LISTS.items():
            yield _figure(clients, operation, count, arguments, before)


def _client(server: Server, region: str) -> Any:
    credentials = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "test"}
    return boto3.client("glue", endpoint_url=server.endpoint, region_name=region, **credentials)


def _figure(clients: list[Any], operation: str, count: int, arguments: dict[str, str], before: float) -> Figure:
    names = clients[0].meta.method_to_api_mapping
    long, short = (getattr(glue, next(name for name, of in names.items() if of == operation)) for glue in clients)
    last: dict[str, str] = {}
    while token := long(**arguments, **last).get("NextToken"):
        last = {"NextToken": token}
    taken = [_milliseconds(call, {**arguments, "MaxResults": PAGE}) for _ in range(TIMES) for call in (long, short)]
    ratio = median(taken[::2]) / median(taken[1::2])
    slowest = max(
        median(_milliseconds(long, {**arguments, **more}) for _ in range(TIMES))  # the first and the last page
        for more in ({}, last)
    )
    return Figure(
        f"{operation}, {PAGE} of {count} vs. {PAGE} of {PAGE}",
        f"{ratio:.2f}×",
        f"≤ {RATIO}×, {BUDGET} ms",
        ratio <= RATIO and slowest <= BUDGET,
        f"{median(taken[::2]):.1f} ms, a page of the default size {slowest:.1f} ms; {before:.2f}× before lists were paged in the store",
    )


def _milliseconds(call: Callable[..., Any], arguments: dict[str, Any]) -> float:
    began = time.perf_counter()
    call(**arguments)
    return 1000 * (time.perf_counter() - began)


def _fill(glue: Any, documents: Documents, short: bool) -> None:
    """Create one of each through the API, and copies of them in the store."""
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
    actions = [{"JobName": "j"}]
    glue.create_job(Name="j", Role="r", Command=command)
    glue.start_job_run(JobName="j")
    glue.create_crawler(Name="c", Role="r", DatabaseName="d", Targets={"S3Targets": [{"Path": "s3://bucket/a"}]})
    glue.start_crawler(Name="c")
    while glue.get_crawler(Name="c")["Crawler"]["State"] != "READY":
        time.sleep(0.1)
    glue.create_workflow(Name="w")
    for name in [f"j{number}" for number in range(5)]:
        glue.create_job(Name=name, Role="r", Command=command)
    glue.create_trigger(Name="start", Type="ON_DEMAND", WorkflowName="w", Actions=actions)
    for before, after in pairwise(["j", *(f"j{number}" for number in range(5))]):
        condition = {"LogicalOperator": "EQUALS", "JobName": before, "State": "SUCCEEDED"}
        glue.create_trigger(
            Name=f"after-{before}",
            Type="CONDITIONAL",
            WorkflowName="w",
            StartOnCreation=True,
            Predicate={"Conditions": [condition]},
            Actions=[{"JobName": after}],
        )
    glue.update_job(
        JobName="j", JobUpdate={"Role": "r", "Command": command, "ExecutionProperty": {"MaxConcurrentRuns": 9}}
    )
    glue.start_workflow_run(Name="w")
    ids = {"job_run": "Id", "crawl": "CrawlId", "workflow_run": "WorkflowRunId"}
    times = {"crawl": "StartTime"}
    for kind, count in {kind: count for kind, count, *_ in LISTS.values()}.items():
        _copy(documents, kind, PAGE if short else count, ids.get(kind, "Name"), times.get(kind, "StartedOn"))


def _copy(documents: Documents, kind: str, count: int, id_member: str, time_member: str) -> None:
    (*parent, original), document = documents.scan(kind)[0]
    chain = documents.read("chain", original)
    with documents.transaction():
        for number in range(count - documents.count(kind)):
            name = f"{original}-{number:05}"
            copied = {**document, id_member: name}
            if time_member in document:
                copied[time_member] = document[time_member] - number
            documents.write(kind, *parent, name, doc=copied)
            if chain:
                documents.write("chain", name, doc={**chain, "Id": name})
