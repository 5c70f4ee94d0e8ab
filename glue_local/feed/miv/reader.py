"""Read published minutes: MIV data XML (schema 1.0.0) to flat events, skipping damaged points."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path

from lxml import etree

from glue_local.feed.event import Event, Minute, instant
from glue_local.feed.miv.file_errors import FileError, Report
from glue_local.feed.miv.files import content, expand
from glue_local.feed.miv.fragments import SAFE, fragments, reason
from glue_local.feed.miv.point import BadPoint, line_of, read_point

SCHEMA_VERSION = "1.0.0"
_HEADER = ("tijd_publicatie", "tijd_laatste_config_wijziging")


def read_minutes(paths: Iterable[Path], report: Report) -> Iterator[Minute]:
    """Yield the minute in each file of ``paths`` (.xml or .gz files, or folders of them), in order."""
    for path in expand(paths):
        yield read_minute(path, report)


def read_minute(path: Path, report: Report) -> Minute:
    """Return a file's minute with every point that can be read.

    Errors (malformed XML, a truncated file, another schema version, a point that violates the schema) are reported
    with file and line; the points before and after them are returned.
    """
    return _Reader(str(path), content(path, report), report).minute()


class _Reader:
    def __init__(self, file: str, document: bytes, report: Report) -> None:
        self.file, self.document, self.report = file, document, report
        self.header: dict[str, str] = {}
        self.events: list[Event] = []
        # Points by their position in the document: a damaged point may lack its end tag.
        self.begun, self.open, self.done = 0, list[int](), set[int]()
        self.foreign = False

    def minute(self) -> Minute:
        try:
            self._stream()
        except etree.XMLSyntaxError as error:
            line, cause = self._cause(error)
            self._damage(line, f"not well-formed: {cause}; the readable points were kept")
            self._recover()
        return Minute(self._published(), self.events, self.header.get("tijd_laatste_config_wijziging"))

    def _stream(self) -> None:
        steps = etree.iterparse(BytesIO(self.document), events=("start", "end"), **SAFE)
        for event, element in steps:
            if element.getparent() is None:
                if event == "start":
                    self._check_root(element)
            elif element.tag == "meetpunt":
                self._begin() if event == "start" else self._end(element)
            elif element.tag in _HEADER and event == "end":
                self.header[element.tag] = element.text or ""

    def _cause(self, error: etree.XMLSyntaxError) -> tuple[int, str]:
        """Return line and reason; for some errors, only parsing the whole document provides them."""
        if not error.lineno:
            try:
                etree.fromstring(self.document, etree.XMLParser(**SAFE))
            except etree.XMLSyntaxError as again:
                error = again
        return error.lineno or 1, reason(error)

    def _begin(self) -> None:
        self.open.append(self.begun)
        self.begun += 1

    def _end(self, element: "etree._Element") -> None:
        self.done.add(self.open.pop())
        self._point(element, line_of(element))
        parent = element.getparent()
        if parent is not None and not self.open:
            parent.remove(element)

    def _recover(self) -> None:
        for ordinal, fragment in enumerate(fragments(self.document)):
            if ordinal in self.done:
                continue
            try:
                self._point(fragment.element(), fragment.line)
            except etree.XMLSyntaxError as error:
                self._damage(fragment.line + (error.lineno or 1) - 1, f"{fragment.name} is skipped: {reason(error)}")

    def _check_root(self, root: "etree._Element") -> None:
        version = root.get("schemaVersion")
        self.foreign = root.tag != "miv"
        if self.foreign:
            self._damage(line_of(root), f"the root element is <{root.tag}>, not <miv>: this is not MIV traffic data")
        elif version != SCHEMA_VERSION:
            known = f"only {SCHEMA_VERSION} is supported; points that are valid in {SCHEMA_VERSION} were kept"
            self._damage(line_of(root), f"unknown schemaVersion {version!r}: {known}")

    def _point(self, element: "etree._Element", line: int) -> None:
        if self.foreign:
            return
        try:
            self.events.append(read_point(element))
        except BadPoint as error:
            at = line + error.line - line_of(element) if error.line else line
            self._damage(at, f"meetpunt {element.get('unieke_id', '?')} is skipped: {error}")

    def _published(self) -> datetime | None:
        if self.foreign:
            return None
        try:
            return instant(self.header["tijd_publicatie"])
        except KeyError:
            self._damage(1, "tijd_publicatie is missing")
        except ValueError as error:
            self._damage(1, f"tijd_publicatie: {error}")
        return None

    def _damage(self, line: int, message: str) -> None:
        self.report(FileError(self.file, line, message))
