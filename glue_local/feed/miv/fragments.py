"""Cut single points out of a damaged document, so that one broken point does not affect the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lxml import etree

# The file is untrusted: do not resolve entities or access the network.
SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "remove_comments": True, "remove_pis": True}

_START = re.compile(rb"<meetpunt(?=[\s>/])")
_END = b"</meetpunt>"
_ID = re.compile(rb"""unieke_id\s*=\s*["']([^"']*)""")


def reason(error: etree.XMLSyntaxError) -> str:
    """Return the parser's message without its line and column, which refer to the fragment."""
    return re.sub(r", line \d+, column \d+$", "", error.msg or "not XML")


@dataclass(frozen=True)
class Fragment:
    """The bytes of one point, and the line of the document it starts at."""

    line: int
    text: bytes

    @property
    def name(self) -> str:
        """Return the point's name for messages, if its id can be read."""
        match = _ID.search(self.text)
        return f"meetpunt {match.group(1).decode(errors='replace')}" if match else "a meetpunt"

    def element(self) -> "etree._Element":
        """Parse the point separately; raises lxml's XMLSyntaxError if it is damaged itself."""
        end = self.text.find(_END)
        whole = self.text if end < 0 else self.text[: end + len(_END)]
        return etree.fromstring(whole, etree.XMLParser(**SAFE))


def fragments(document: bytes) -> Iterator[Fragment]:
    """Yield each point of a document, from its start tag to the next point's start tag or the end."""
    starts = [match.start() for match in _START.finditer(document)]
    line, counted = 1, 0
    for start, following in pairwise([*starts, len(document)]):
        line += document.count(b"\n", counted, start)
        counted = start
        yield Fragment(line, document[start:following])
