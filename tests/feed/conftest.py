"""Fixtures of the feed's tests: the publisher's schemas, generated networks, reports of damage."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from lxml import etree

from glue_local.feed.damage import Damage
from glue_local.feed.event import Minute
from glue_local.feed.miv import read_minute
from glue_local.feed.network import Network, invent
from glue_local.feed.traffic import simulate
from glue_local.feed.truth import Truth

THURSDAY = datetime(2017, 4, 27, 14, 38, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def damages() -> list[Damage]:
    return []


@pytest.fixture(scope="session")
def data_schema(miv_samples: Path) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(miv_samples / "miv-verkeersdata.xsd"))


@pytest.fixture(scope="session")
def config_schema(miv_samples: Path) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(miv_samples / "miv-config.xsd"))


@pytest.fixture(scope="session")
def real_minute(miv_samples: Path) -> Minute:
    return read_minute(miv_samples / "verkeersdata.xml.gz", lambda damage: pytest.fail(str(damage)))


@pytest.fixture(scope="session")
def network() -> Network:
    return invent(1)


@pytest.fixture(scope="session")
def minute(network: Network) -> tuple[Minute, list[Truth]]:
    """The generated counterpart of the real minute: the same Thursday afternoon."""
    return next(iter(simulate(network, THURSDAY, 2, 1)))
