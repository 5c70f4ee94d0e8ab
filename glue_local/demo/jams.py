"""Find the jams in a result: consecutive jammed minutes per site, and the carriageway with most of them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from glue_local.demo.results import Reading, Site

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class JamAtSite:
    """Consecutive jammed minutes of a site; ``until`` is the last one, ``lowest`` the lowest speed in km/h.

    A jam in the site's first or last reading may have begun before or gone on: its duration is a lower bound.
    """

    site: Site
    since: datetime
    until: datetime
    lowest: float

    @property
    def began_earlier(self) -> bool:
        """Whether it was there in the site's first reading."""
        return self.since == self.site.readings[0].minute

    @property
    def goes_on(self) -> bool:
        """Whether it was still there in the site's last reading."""
        return self.until == self.site.readings[-1].minute

    @property
    def duration(self) -> str:
        """Its minutes as text: ``12``, or ``≥ 12`` if it is cut off."""
        return f"≥ {self.minutes}" if self.began_earlier or self.goes_on else str(self.minutes)

    @property
    def minutes(self) -> int:
        """Its duration in minutes."""
        return int((self.until - self.since) / _MINUTE) + 1


def find(sites: Iterable[Site]) -> list[JamAtSite]:
    """Return the jams of all sites: carriageways before ramps, then by duration, then by lowest speed."""
    jams = [jam for site in sites for jam in _of(site)]
    return sorted(jams, key=lambda jam: (not jam.site.main, -jam.minutes, jam.lowest, jam.site.ident_8, jam.site.kmp))


def _of(site: Site) -> Iterator[JamAtSite]:
    row: list[Reading] = []
    for reading in site.readings:
        if row and not (reading.jammed and reading.minute - row[-1].minute == _MINUTE):
            yield _jam(site, row)
            row = []
        if reading.jammed:
            row.append(reading)
    if row:
        yield _jam(site, row)


def _jam(site: Site, row: list[Reading]) -> JamAtSite:
    # The jam indicator is a 3-minute average, so that a jammed minute may have no measured speed.
    speeds = [reading.speed for reading in row if reading.speed is not None]
    return JamAtSite(site, row[0].minute, row[-1].minute, min(speeds, default=0.0))


def worst_carriageway(sites: Iterable[Site]) -> str | None:
    """Return the Ident_8 of the carriageway with most jammed site minutes, or None without carriageways."""
    jammed = Counter({site.ident_8: 0 for site in sites if site.main})
    for site in sites:
        if site.main:
            jammed[site.ident_8] += sum(reading.jammed for reading in site.readings)
    return max(jammed, key=lambda ident: (jammed[ident], ident), default=None)


def worst_minute(sites: Iterable[Site]) -> datetime | None:
    """Return the first minute with the highest number of jammed sites, or None without readings."""
    jammed: Counter[datetime] = Counter()
    for site in sites:
        for reading in site.readings:
            jammed[reading.minute] += reading.jammed
    return max(sorted(jammed), key=lambda minute: jammed[minute], default=None)
