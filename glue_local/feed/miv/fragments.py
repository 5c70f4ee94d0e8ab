"""Single points cut out of a damaged document, so that one broken point costs no other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lxml import etree

# Entities stay unresolved and nothing is fetched: the file may come from anywhere.
SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "remove_comments": True, "remove_pis": True}

_START = re.compile(rb"<meetpunt(?=[\s>/])")
_END = b"</meetpunt>"
_ID = re.compile(rb"""unieke_id\s*=\s*["']([^"']*)""")


def reason(error: etree.XMLSyntaxError) -> str:
    """Return what the parser says is wrong, without its own idea of where."""
    return re.sub(r", line \d+, column \d+$", "", error.msg or "no XML at all")


@dataclass(frozen=True)
class Fragment:
    """The bytes of one point and the line where it starts in its document."""

    line: int
    text: bytes

    @property
    def name(self) -> str:
        """Return how to call the point in a message, as far as its start can be read."""
        match = _ID.search(self.text)
        return f"meetpunt {match.group(1).decode(errors='replace')}" if match else "a meetpunt"

    def element(self) -> "etree._Element":
        """Return the point parsed by itself; raises lxml's XMLSyntaxError when the damage lies inside it."""
        end = self.text.find(_END)
        whole = self.text if end < 0 else self.text[: end + len(_END)]
        return etree.fromstring(whole, etree.XMLParser(**SAFE))


def fragments(document: bytes) -> Iterator[Fragment]:
    """Yield every point of a document from its start tag up to the next point's, or the end of the document."""
    starts = [match.start() for match in _START.finditer(document)]
    line, counted = 1, 0
    for start, following in pairwise([*starts, len(document)]):
        line += document.count(b"\n", counted, start)
        counted = start
        yield Fragment(line, document[start:following])
