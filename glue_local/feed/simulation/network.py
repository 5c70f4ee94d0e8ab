"""Generate a plausible network of measuring points from a seed: cabinets, sites and lanes along real roads."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from random import Random

from glue_local.feed.miv.configuration import Row, comma, configuration_xml
from glue_local.feed.simulation.cabinets import Cabinet, Draft, cabinets
from glue_local.feed.simulation.lambert import lambert72
from glue_local.feed.simulation.roads import ROADS, Road

FULL_SIZE = 4254

# Before any simulated minute, so that the generated configuration applies to all of them.
CONFIG_CHANGED = "2016-01-01T00:00:00+01:00"


@dataclass(frozen=True)
class Point:
    """One lane of one site, as the configuration describes it."""

    unieke_id: str
    beschrijvende_id: str
    volledige_naam: str
    ident_8: str
    lve_nr: str
    kmp_rsys: str
    rijstrook: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Site:
    """A cross-section of a carriageway or ramp: the points with the same (Ident_8, Kmp_Rsys).

    ``way`` is the distance in km along the direction of travel from an arbitrary origin of its carriageway;
    ``main`` is False for ramps.
    """

    road: str
    ident_8: str
    kmp_rsys: str
    main: bool
    way: float
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Network:
    """All sites in document order; ``changed`` is the configuration's time as ISO text."""

    sites: tuple[Site, ...]
    changed: str = CONFIG_CHANGED

    @property
    def points(self) -> list[Point]:
        """Return the points in document order."""
        return [point for site in self.sites for point in site.points]

    def carriageways(self) -> dict[str, list[Site]]:
        """Return the sites of each main carriageway by Ident_8, in the direction of travel."""
        main = sorted((site for site in self.sites if site.main), key=lambda site: (site.ident_8, site.way))
        return {ident: list(sites) for ident, sites in groupby(main, key=lambda site: site.ident_8)}

    def configuration(self) -> bytes:
        """Return the configuration document of the network, valid against miv-config.xsd."""
        return configuration_xml(self.changed, map(_row, self.points))


def generate_network(seed: int, points: int = FULL_SIZE, changed: str = CONFIG_CHANGED) -> Network:
    """Generate a network with exactly ``points`` points; the real one has 4254.

    A small network covers part of the busiest roads, so that it has neighbouring sites too.
    Raises ValueError if ``points`` is not positive.
    """
    if points < 1:
        raise ValueError(f"a network needs at least one point, not {points}")
    random = Random(f"network {seed}")
    numbers = _Numbers(random)
    sites: list[Site] = []
    for road, budget in _budgets(points):
        for cabinet in cabinets(road, budget, random):
            sites += _sites(road, cabinet, numbers)
    return Network(tuple(sites), changed)


def _budgets(points: int) -> list[tuple[Road, int]]:
    roads = ROADS[: max(1, min(len(ROADS), points // 100))]
    whole = sum(road.share for road in roads)
    budgets = [points * road.share // whole for road in roads]
    budgets[0] += points - sum(budgets)
    return [(road, budget) for road, budget in zip(roads, budgets, strict=True) if budget]


class _Numbers:
    """Cabinet and point numbers: increasing, with gaps like those of removed points in the real lists."""

    def __init__(self, random: Random) -> None:
        self.random, self.cabinet, self.point = random, 0, 28

    def next_cabinet(self) -> str:
        self.cabinet += 1
        return str(self.cabinet)

    def next_point(self) -> str:
        self.point += 1 if self.random.random() > 0.03 else self.random.randint(2, 4)
        return str(self.point)


def _sites(road: Road, cabinet: Cabinet, numbers: _Numbers) -> Iterator[Site]:
    lve_nr = numbers.next_cabinet()
    ordinal = 0
    for at, draft in enumerate(cabinet.drafts):
        longitude, latitude = _position(road, draft)
        letter = "S" if cabinet.sparse else "H"
        points = []
        for lane in draft.lanes:
            ordinal += 1
            described = f"{letter}{200 + at + cabinet.exit % 90}L{ordinal}0"
            points.append(
                Point(
                    numbers.next_point(),
                    described,
                    draft.name,
                    draft.ident_8,
                    lve_nr,
                    draft.kmp_rsys,
                    lane,
                    longitude,
                    latitude,
                )
            )
        yield Site(road.name, draft.ident_8, draft.kmp_rsys, draft.main, draft.km * draft.direction, tuple(points))


def _position(road: Road, draft: Draft) -> tuple[float, float]:
    """Return the position, to the right of the road's axis: 12 m for a carriageway, 60 m for a ramp."""
    _, longitude, latitude = road.at(draft.km)
    east, north = road.heading(draft.km)
    aside = draft.direction * (0.012 if draft.main else 0.06) / 111.2
    return longitude + north * aside / 0.63, latitude - east * aside


def _row(point: Point) -> Row:
    x, y = lambert72(point.longitude, point.latitude)
    return {
        "unieke_id": point.unieke_id,
        "beschrijvende_id": point.beschrijvende_id,
        "volledige_naam": point.volledige_naam,
        "Ident_8": point.ident_8,
        "lve_nr": point.lve_nr,
        "Kmp_Rsys": point.kmp_rsys,
        "Rijstrook": point.rijstrook,
        "X_coord_EPSG_31370": comma(x, 4),
        "Y_coord_EPSG_31370": comma(y, 4),
        "lengtegraad_EPSG_4326": comma(point.longitude, 9),
        "breedtegraad_EPSG_4326": comma(point.latitude, 8),
    }
