"""The report: one HTML file that asks nobody for anything, drawn by Jinja from what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader

from glue_local.demo import map as site_map
from glue_local.demo import time_space, timeline
from glue_local.demo.jams import JamAtSite, find, worst_carriageway, worst_minute
from glue_local.demo.results import Site
from glue_local.demo.scale import SPEEDS, UNKNOWN, clock, speed_colour
from glue_local.demo.timeline import Span
from glue_local.feed.profile import local_time

_SHOWN = 25


@dataclass(frozen=True)
class Facts:
    """What the report says besides the plots: the events published, and the place of the result."""

    published: int
    delivered: int
    query: str


class NothingMeasured(Exception):
    """There is no site with a reading to report about."""


def render(sites: Sequence[Site], spans: Sequence[Span], facts: Facts) -> str:
    """Return the report as HTML; raises NothingMeasured when no site has a reading."""
    minute, worst = worst_minute(sites), worst_carriageway(sites)
    if minute is None or worst is None:
        raise NothingMeasured("the table sites has no reading of any carriageway: nothing to report about")
    jams = find(sites)
    environment = Environment(
        loader=PackageLoader("glue_local.demo"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html.j2").render(
        facts=facts,
        window=_window(sites),
        sites=len(sites),
        jams=[_row(jam) for jam in jams[:_SHOWN]],
        more=max(0, len(jams) - _SHOWN),
        jammed_sites=len({(jam.site.ident_8, jam.site.kmp) for jam in jams}),
        map=site_map.draw(sites, minute),
        time_space=time_space.draw(sites, worst),
        timeline=timeline.draw(spans),
        speeds=SPEEDS,
        unknown=UNKNOWN,
    )


def _row(jam: JamAtSite) -> dict[str, str]:
    return {
        "road": jam.site.road,
        "kmp": f"{jam.site.kmp:.1f}",
        "name": jam.site.name,
        "since": clock(jam.since),
        "until": clock(jam.until),
        "minutes": str(jam.minutes),
        "lowest": f"{jam.lowest:.0f}",
        "colour": speed_colour(jam.lowest),
    }


def _window(sites: Sequence[Site]) -> str:
    minutes: set[datetime] = {reading.minute for site in sites for reading in site.readings}
    first, last = min(minutes), max(minutes)
    return f"{local_time(first):%A %-d %B %Y}, {clock(first)} to {clock(last)}"
