"""Render the report: one self-contained HTML file from a Jinja template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from glue_local.costs import BASIS, EXCLUDED, Cost, dollars, total
from glue_local.demo import map as site_map
from glue_local.demo import time_space, timeline
from glue_local.demo.colours import SPEEDS, UNKNOWN, clock, speed_class
from glue_local.demo.jams import JamAtSite, find, worst_carriageway, worst_minute
from glue_local.demo.pages import render_page
from glue_local.demo.results import Site
from glue_local.demo.runs import Quality, Run
from glue_local.demo.timeline import Span
from glue_local.feed.simulation.profile import local_time

_SHOWN = 25


@dataclass(frozen=True)
class Facts:
    """What the report says besides the plots: events published and delivered, an example query, runs, quality, costs on AWS."""

    published: int
    delivered: int
    query: str
    events: Mapping[str, int] = field(default_factory=dict)
    """How many events are usable, and how many were put aside for which reason."""
    runs: Sequence[Run] = ()
    quality: Quality | None = None
    costs: Sequence[Cost] = ()


class NothingMeasured(Exception):
    """No site of a carriageway has a reading."""


def render(sites: Sequence[Site], spans: Sequence[Span], facts: Facts) -> str:
    """Return the report as HTML; raises NothingMeasured if no carriageway has a reading."""
    minute, worst = worst_minute(sites), worst_carriageway(sites)
    if minute is None or worst is None:
        raise NothingMeasured("the table sites has no readings of carriageways: cannot render a report")
    jams = find(sites)
    return render_page(
        "glue_local.demo",
        "report.html.j2",
        facts=facts,
        window=_window(sites),
        sites=len(sites),
        jams=[_row(jam) for jam in jams],
        shown=_SHOWN,
        jammed_sites=len({(jam.site.ident_8, jam.site.kmp) for jam in jams}),
        map=site_map.draw(sites, minute),
        time_space=time_space.draw(sites, worst),
        timeline=timeline.draw(spans),
        speeds=SPEEDS,
        unknown=UNKNOWN,
        costs=[(cost.service, cost.usage, dollars(cost.usd)) for cost in facts.costs],
        total=dollars(total(list(facts.costs))),
        basis=f"{BASIS}, {EXCLUDED}",
    )


def _row(jam: JamAtSite) -> dict[str, str]:
    return {
        "road": jam.site.road,
        "kmp": f"{jam.site.kmp:.1f}",
        "name": jam.site.name,
        "since": f"≤ {clock(jam.since)}" if jam.began_earlier else clock(jam.since),
        "until": "still jammed" if jam.goes_on else clock(jam.until),
        "minutes": str(jam.minutes),
        "duration": jam.duration,
        "lowest": f"{jam.lowest:.0f}",
        "speed": speed_class(jam.lowest),
    }


def _window(sites: Sequence[Site]) -> str:
    minutes: set[datetime] = {reading.minute for site in sites for reading in site.readings}
    first, last = min(minutes), max(minutes)
    return f"{local_time(first):%A %-d %B %Y}, {clock(first)} to {clock(last)}"
