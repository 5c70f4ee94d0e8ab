"""Record the live feed: save each published minute to disk once, atomically."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timezone
from http.client import HTTPException
from pathlib import Path

from lxml import etree

from glue_local.feed.event import Minute, instant
from glue_local.feed.miv import files
from glue_local.feed.miv.fragments import SAFE

LIVE = "http://miv.opendata.belfla.be/miv/verkeersdata"
_TIMEOUT = 30.0


class Unreachable(Exception):
    """The feed did not respond, or not with a minute; the message contains the URL and the reason."""


@dataclass(frozen=True)
class Recorded:
    """The result of one poll: the minute's file, its number of points, and whether it was new."""

    file: Path
    points: int
    new: bool


def record(
    url: str, folder: Path, every: float, sleep: Callable[[float], None], polls: int | None = None
) -> Iterator[Recorded | Unreachable]:
    """Poll the feed every ``every`` seconds, ``polls`` times or forever, and yield the result of each poll.

    A failed poll is yielded, not raised, because the next one may succeed.
    """
    poll = 0
    while polls is None or poll < polls:
        if poll:
            sleep(every)
        poll += 1
        try:
            yield record_once(url, folder)
        except Unreachable as error:
            yield error


def record_once(url: str, folder: Path) -> Recorded:
    """Save the minute published at ``url`` as ``verkeersdata-<publication, UTC>.xml.gz`` unless that file exists.

    Raises Unreachable if the feed does not respond or its response is not a complete MIV minute.
    """
    document = fetch(url)
    minute, points = _checked(url, document)
    file = folder / file_name(minute)
    new = not file.exists()
    if new:
        files.write(file, document)
    return Recorded(file, points, new)


def file_name(minute: Minute) -> str:
    """Return the file name of a minute; names sort by publication time."""
    if minute.published is None:
        raise ValueError("cannot name a minute without tijd_publicatie")
    return f"verkeersdata-{minute.published.astimezone(timezone.utc):%Y%m%dT%H%M%S}Z.xml.gz"


def fetch(url: str) -> bytes:
    """Return the response body of ``url``; raises Unreachable."""
    if not url.startswith(("http://", "https://")):
        raise Unreachable(f"{url}: not an http or https URL")
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            raise Unreachable(f"{url}: HTTP {error.code} {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{url}: {getattr(error, 'reason', error) or type(error).__name__}") from error


def _checked(url: str, document: bytes) -> tuple[Minute, int]:
    """Return the minute without its events, and its number of points. Any schema version is accepted."""
    try:
        root = etree.fromstring(document, etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as error:
        raise Unreachable(
            f"{url}: the response is not a complete XML document: line {error.lineno}: {error.msg}"
        ) from error
    try:
        published = instant(root.findtext("tijd_publicatie") or "") if root.tag == "miv" else None
    except ValueError as error:
        raise Unreachable(f"{url}: tijd_publicatie: {error}") from error
    if published is None:
        raise Unreachable(f"{url}: the response is <{root.tag}>, not a published minute (<miv>)")
    return Minute(published, []), len(root.findall("meetpunt"))
