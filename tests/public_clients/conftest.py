"""A table to read, and clients that are each installed once in a separate environment."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.public_clients.installed import NotInstalled, environment_of, install, run
from tests.query.asking import Asking, asking
from tests.server_process import ServerProcess

SCRIPTS = Path(__file__).parent / "scripts"
Script = Callable[..., Any]
Installed = Callable[[str], Path]

READINGS = """CREATE EXTERNAL TABLE readings (id int, name string COMMENT 'of the road', seen timestamp, day_of date,
    price decimal(10,2), ok boolean, small float, big double, tags array<string>, counts map<string,int>,
    place struct<lat:double,lon:double>)
    PARTITIONED BY (country string) STORED AS PARQUET LOCATION '{location}' TBLPROPERTIES ('classification'='parquet')"""
ROWS = """INSERT INTO readings VALUES
    (1, 'E40 "Brussel", Léon', timestamp '2026-01-02 03:04:05.678', date '2026-01-02', decimal '12.50', true, real '0.5', 1e10,
     array['a', 'b'], map(array['x'], array[1]), row(50.5, 4.25), 'BE'),
    (2, null, null, null, null, null, null, null, null, null, null, 'NL'),
    (3, '', timestamp '2026-01-03 00:00:00', date '2026-01-03', decimal '-1.00', false, real '1.5', -0.25,
     array[], map(), row(0.0, 0.0), 'BE')"""


@pytest.fixture(scope="session")
def installed() -> Iterator[Installed]:
    """Return a function that installs a client once, by the name of its requirements, and returns the folder of its commands.

    If a client cannot be installed, its tests are skipped; in CI they fail.
    """
    found: dict[str, Path] = {}

    with TemporaryDirectory(prefix="glue-local-clients-") as folder:

        def commands(name: str) -> Path:
            if name not in found:
                try:
                    found[name] = install(name, Path(folder) / name)
                except NotInstalled as problem:
                    if os.environ.get("CI") == "true":
                        pytest.fail(str(problem))
                    pytest.skip(str(problem))
            return found[name]

        yield commands


@pytest.fixture(scope="module")
def readings(athena_aws: Callable[..., Any]) -> Asking:
    """A database for the module, with a partitioned Parquet table that has a column of each kind."""
    ask = asking(athena_aws)
    ask.succeed(READINGS.format(location=f"s3://{ask.bucket}/readings/"))
    ask.succeed(ROWS)
    return ask


@pytest.fixture(scope="module")
def run_on_athena(readings: Asking, athena_endpoint: ServerProcess, installed: Installed) -> Script:
    """Return a function that runs a script with a client's Python on the database of ``readings`` and parses its JSON output."""

    def ran(tool: str, script: str, *arguments: str, cwd: Path = SCRIPTS, **environment: str) -> Any:
        variables = environment_of(
            athena_endpoint.port,
            DATABASE=readings.database,
            STAGING=f"s3://{readings.bucket}/results/",
            **environment,
        )
        command = [str(installed(tool) / "python"), str(SCRIPTS / script), *arguments]
        return json.loads(run(command, cwd, **variables).splitlines()[-1])

    return ran
