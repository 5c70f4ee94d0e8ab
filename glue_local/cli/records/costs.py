"""``glue-local costs``: list what the latest job runs, crawls and executions would have cost on AWS."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.suggestions import jobs, missing, state_machines
from glue_local.client.clients import local
from glue_local.costs import BASIS, EXCLUDED, Cost, dollars, total
from glue_local.costs.crawls import crawl_cost
from glue_local.costs.executions import execution_costs
from glue_local.costs.job_runs import run_cost

app = typer.Typer(add_completion=False)

Clients = Callable[[str], Any]


class _Row(NamedTuple):
    started: datetime
    kind: str
    name: str
    state: str
    usage: str
    usd: str


@app.command("costs")
def costs(
    name: Annotated[str | None, typer.Argument(help="Only of this job, crawler or state machine.")] = None,
    latest: Annotated[int, typer.Option(min=1, help="Of each, how many of the latest to show.")] = 10,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Show what the latest runs, crawls and executions would have cost on AWS; an execution includes its runs."""
    url = endpoint(port, endpoint_url)

    def client(service: str) -> Any:
        return local(service, endpoint_url=url)

    table = Table(*("started", "", "name", "state", "usage", "USD"), box=None, header_style="bold", pad_edge=False)
    table.columns[-1].justify = "right"
    for row in sorted(
        (*_runs(client, name, latest), *_crawls(client, name, latest), *_executions(client, name, latest))
    ):
        table.add_row(f"{row.started:%Y-%m-%d %H:%M:%S}", row.kind, row.name, row.state, Text(row.usage), row.usd)
    if name and not table.row_count:
        _check_exists(client, name)
    console = Console(highlight=False, emoji=False)
    nothing = f"no job, crawler or state machine {name} has run yet" if name else "nothing has run yet"
    console.print(table if table.row_count else nothing, soft_wrap=not table.row_count)
    console.print(f"{BASIS[0].upper()}{BASIS[1:]}; executions {EXCLUDED}.", style="dim", soft_wrap=True)


def _check_exists(client: Clients, name: str) -> None:
    glue = client("glue")
    names = [*jobs(glue), *_names(glue, "get_crawlers", "Crawlers", None), *state_machines(client("stepfunctions"))]
    if name not in names:
        raise missing("job, crawler or state machine", name, names, "`glue-local jobs` lists the jobs")


def _runs(client: Clients, name: str | None, latest: int) -> Iterator[_Row]:
    glue = client("glue")
    for job in _names(glue, "get_jobs", "Jobs", name):
        runs = glue.get_job_runs(JobName=job, MaxResults=min(latest, 200))["JobRuns"]
        for run in runs:
            yield _row(run["StartedOn"], "run", job, run["JobRunState"], run_cost(run))


def _crawls(client: Clients, name: str | None, latest: int) -> Iterator[_Row]:
    glue = client("glue")
    for crawler in _names(glue, "get_crawlers", "Crawlers", name):
        for crawl in glue.list_crawls(CrawlerName=crawler, MaxResults=min(latest, 1000))["Crawls"]:
            yield _row(crawl["StartTime"], "crawl", crawler, crawl["State"], crawl_cost(crawler, crawl))


def _executions(client: Clients, name: str | None, latest: int) -> Iterator[_Row]:
    states = client("stepfunctions")
    pages = states.get_paginator("list_state_machines").paginate()
    for machine in (each for page in pages for each in page["stateMachines"]):
        if machine.get("type") == "EXPRESS" or machine["name"] != (name or machine["name"]):
            continue
        listed = states.get_paginator("list_executions").paginate(stateMachineArn=machine["stateMachineArn"])
        every = (each for page in listed for each in page["executions"])
        for execution in islice(every, latest):
            found = execution_costs(client, execution["executionArn"])
            usage = ", ".join(sorted({f"{cost.service} {dollars(_of(found, cost.service))}" for cost in found}))
            cost = Cost("", usage, total(found))
            yield _row(execution["startDate"], "execution", machine["name"], execution["status"], cost)


def _of(found: list[Cost], service: str) -> float:
    return total([cost for cost in found if cost.service == service])


def _names(glue: Any, operation: str, member: str, name: str | None) -> list[str]:
    pages = glue.get_paginator(operation).paginate()
    return [each["Name"] for page in pages for each in page[member] if each["Name"] == (name or each["Name"])]


def _row(started: datetime, kind: str, name: str, state: str, cost: Cost) -> _Row:
    return _Row(started, kind, name, state, cost.usage.removeprefix(f"{name}: "), dollars(cost.usd))
