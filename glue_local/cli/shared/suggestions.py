"""Name what a mistyped name could have meant."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from glue_local.cli.shared.error_messages import CommandError
from glue_local.core.near import nearest

Names = Callable[[], Iterable[str]]


@contextmanager
def suggesting(what: str, name: str, names: Names, otherwise: str) -> Iterator[None]:
    """Turn EntityNotFoundException into a CommandError with the most similar of ``names``, or with ``otherwise``."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        found = list(names())
        if name in found:  # Something else is missing.
            raise
        raise missing(what, name, found, otherwise) from None


def missing(what: str, name: str, names: Iterable[str], otherwise: str) -> CommandError:
    """Return the error for a name that does not exist."""
    near = nearest(name, names)
    return CommandError(f"{what} {name} does not exist: {f'did you mean {near}?' if near else otherwise}")


def jobs(glue: Any) -> list[str]:
    """Return the names of all jobs."""
    return [job["Name"] for page in glue.get_paginator("get_jobs").paginate() for job in page["Jobs"]]


def databases(glue: Any) -> list[str]:
    """Return the names of all databases."""
    pages = glue.get_paginator("get_databases").paginate()
    return [database["Name"] for page in pages for database in page["DatabaseList"]]


def tables(glue: Any, database: str) -> list[str]:
    """Return the names of all tables of a database."""
    pages = glue.get_paginator("get_tables").paginate(DatabaseName=database)
    return [table["Name"] for page in pages for table in page["TableList"]]


def state_machines(stepfunctions: Any) -> list[str]:
    """Return the names of all state machines."""
    pages = stepfunctions.get_paginator("list_state_machines").paginate()
    return [machine["name"] for page in pages for machine in page["stateMachines"]]


@contextmanager
def of_a_job(glue: Any, name: str) -> Iterator[None]:
    """Suggest a job's name if the job ``name`` does not exist."""
    hint = "`glue-local jobs` lists the jobs, `glue-local provision` creates those in glue-local.yaml"
    with suggesting("job", name, lambda: jobs(glue), hint):
        yield
