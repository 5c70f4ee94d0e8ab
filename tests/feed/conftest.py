"""Fixtures for the feed's tests: the publisher's schemas, generated networks, and a list of file errors."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from lxml import etree

from glue_local.feed.event import Minute
from glue_local.feed.miv.file_errors import FileError
from glue_local.feed.miv.reader import read_minute
from glue_local.feed.simulation.ground_truth import Truth
from glue_local.feed.simulation.network import Network, generate_network
from glue_local.feed.simulation.traffic import simulate

THURSDAY = datetime(2017, 4, 27, 14, 38, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def errors() -> list[FileError]:
    return []


@pytest.fixture(scope="session")
def data_schema(miv_samples: Path) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(miv_samples / "miv-verkeersdata.xsd"))


@pytest.fixture(scope="session")
def config_schema(miv_samples: Path) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(miv_samples / "miv-config.xsd"))


@pytest.fixture(scope="session")
def real_minute(miv_samples: Path) -> Minute:
    return read_minute(miv_samples / "verkeersdata.xml.gz", lambda error: pytest.fail(str(error)))


@pytest.fixture(scope="session")
def network() -> Network:
    return generate_network(1)


@pytest.fixture(scope="session")
def minute(network: Network) -> tuple[Minute, list[Truth]]:
    """The generated counterpart of the real minute: the same Thursday afternoon."""
    return next(iter(simulate(network, THURSDAY, 2, 1)))
