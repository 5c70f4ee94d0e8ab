"""The two workflows that are compared: their resources, their code, and the advantages of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_COMMENTS = ("#", "--")


@dataclass(frozen=True)
class Workflow:
    """A workflow of the example project."""

    name: str
    """The name of its state machine."""
    title: str
    database: str
    """The database of the tables that it writes."""
    first_result: str
    """The state after which the first of these tables, ``events``, can be queried."""
    code: tuple[str, ...]
    definition: str
    sources: tuple[str, ...] = ()
    """Tables in this database that it only reads, or that both workflows share."""
    only: tuple[str, ...] = ()
    """What it offers and the other workflow does not."""


GLUE = Workflow(
    name="traffic_glue",
    title="Glue",
    database="traffic",
    first_result="Repartition",
    code=(
        *("jobs/load_points.py", "jobs/repartition.py", "jobs/aggregate.py", "jobs/partition_versions.py"),
        "jobs/check_quality.py",
    ),
    definition="stepfunctions/traffic_glue.asl.json",
    sources=("raw_events", "points"),
    only=(
        "Reads the XML configuration: the Athena workflow uses the same Glue job (load_points).",
        "Checks the quality of its result, and fails if it is too low (check_quality).",
        "Recomputes an hour of sites when a corrected configuration applies to it.",
        "Processes any number of hours in one run; an Athena statement writes at most 100 partitions.",
        "Runs for as long as its timeout allows; an Athena query is stopped after 30 minutes.",
        "Can use any Python library, and its functions can be tested without tables.",
        "Shares its code with a streaming job (stream_jams).",
    ),
)
ATHENA = Workflow(
    name="traffic_athena",
    title="Athena",
    database="traffic_athena",
    first_result="ReadArrivals",
    code=(
        *("jobs/load_points.py", "queries/create_observations.sql", "queries/create_batches.sql"),
        *("queries/create_sites.sql", "queries/create_events.sql", "queries/create_quarantine.sql"),
        *("queries/create_rejected.sql", "queries/observations.sql", "queries/sites.sql", "queries/batches.sql"),
    ),
    definition="stepfunctions/traffic_athena.asl.json",
    only=(
        "Commits each table atomically (Iceberg): a reader sees either the old or the new rows, and can query older snapshots.",
        "Needs no bookmarks, no partition versions, and no clean-up after a killed execution.",
        "Needs no choice of capacity: there are no workers, no cluster start-up, and no minimum of a minute.",
        "Can be changed and tested in any SQL client without a deployment.",
    ),
)
WORKFLOWS = (GLUE, ATHENA)


def lines_of_code(root: Path, files: Iterable[str]) -> dict[str, int]:
    """Return the number of lines of each file, without blank lines and comment lines."""
    return {file: _lines((root / file).read_text()) for file in files}


def _lines(text: str) -> int:
    return sum(1 for line in map(str.strip, text.splitlines()) if line and not line.startswith(_COMMENTS))
