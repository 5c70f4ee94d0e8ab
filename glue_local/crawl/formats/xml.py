"""XML: elements with a row tag are records. The built-in classifier takes the root element as the row.

Attributes are fields with the prefix ``_``, and text beside them is ``_VALUE``, as jobs read them.
https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#custom-classifier-xml
"""

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from glue_local.crawl.formats.found import Found
from glue_local.crawl.formats.text import decoded
from glue_local.crawl.sample import LONGEST, Sample
from glue_local.crawl.types import STRING, Columns, Type, merge

_MOST_ROWS = 1000
_DEEPEST = 100
_ATTRIBUTE = "_"
_VALUE = "_VALUE"
_START = re.compile(r"\s*<[?!A-Za-z_]")
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass
class _Element:
    name: str
    attributes: dict[str, str]
    children: list["_Element"] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    end: int | None = None
    """The position in bytes after its content; None if the document was cut before."""
    is_self_closing: bool = False


class _Document:
    """Collects the elements of a document, which may be cut."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.root: _Element | None = None
        self.failed = False
        self._open: list[_Element] = []
        # Without namespaces, so that names keep their prefixes.
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._started
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = self._texted

    def parse(self, *, complete: bool) -> None:
        """Parse; ``failed`` tells that it is not well-formed."""
        try:
            self._parser.Parse(self._data, complete)
        except (expat.ExpatError, RecursionError):
            self.failed = True

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        element = _Element(name, attributes)
        if self._open:
            self._open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self._open.append(element)
        if len(self._open) > _DEEPEST:
            raise RecursionError

    def _ended(self, name: str) -> None:
        element, end = self._open.pop(), self._parser.CurrentByteIndex
        element.end = end
        is_empty = not element.children and not element.text
        element.is_self_closing = is_empty and self._data[max(end - 2, 0) : end] == b"/>"

    def _texted(self, text: str) -> None:
        if self._open:
            self._open[-1].text.append(text)


def recognise(sample: Sample) -> Found | None:
    """Return the columns of an XML file, whose root element is its only record."""
    if not (decoded(sample) or "").lstrip().startswith("<?xml"):
        return None
    root = _parsed(sample)
    return _found(sample, "xml", root.name, [root]) if root else None


def recognise_rows(sample: Sample, classification: str, tag: str) -> Found | None:
    """Return the columns of the elements ``tag`` of an XML file; None if there are none. Self-closing ones are no rows."""
    if not _START.match(decoded(sample) or ""):
        return None
    root = _parsed(sample)
    rows = _rows(root, tag) if root else []
    if root and not rows and sample.longer is not None:
        return recognise_rows(sample.longer(), classification, tag)
    return _found(sample, classification, tag, rows) if rows else None


def _parsed(sample: Sample) -> _Element | None:
    document = _Document(sample.head)
    document.parse(complete=sample.is_complete and len(sample.head) < LONGEST)
    return None if document.failed else document.root


def _rows(root: _Element, tag: str) -> list[_Element]:
    if root.name == tag:
        return [] if root.is_self_closing or root.end is None else [root]
    return [row for child in root.children for row in _rows(child, tag)][:_MOST_ROWS]


def _found(sample: Sample, classification: str, tag: str, rows: list[_Element]) -> Found:
    columns: Columns = {}
    for row in rows:
        columns = _join_columns(columns, _columns(row))
    last = rows[-1].end
    used = last if last and len(rows) == _MOST_ROWS else len(sample.head)
    records = len(rows) * len(sample.head) / used * sample.size / sample.read if rows[0].end else 1
    return Found(
        classification, sample.compression, columns, records, used / len(rows), {"rowTag": tag}, {}, (tag,), "xml"
    )


def _columns(element: _Element) -> Columns:
    found: Columns = {}
    counts: dict[str, int] = {}
    for child in element.children:
        counts[child.name] = counts.get(child.name, 0) + 1
        found[child.name] = _join(found.get(child.name), _type(child))
    arrays: Columns = {name: ("array", kind) if counts[name] > 1 else kind for name, kind in found.items()}
    attributes = {f"{_ATTRIBUTE}{name}": _word(value) for name, value in element.attributes.items()}
    text = "".join(element.text).strip()
    value = {_VALUE: _word(text)} if text else {}
    return {**arrays, **attributes, **value}


def _join(one: Type, other: Type) -> Type:
    """Return the type that has the values of both; an element that is repeated somewhere is an array everywhere."""
    if one is None or other is None or isinstance(one, str) and isinstance(other, str):
        return merge(one, other)
    kinds = {each[0] for each in (one, other) if isinstance(each, tuple)}
    if "array" in kinds:
        inner = [each[1] if isinstance(each, tuple) and each[0] == "array" else each for each in (one, other)]
        return ("array", _join(*inner))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return ("struct", _join_columns(one[1], other[1]))
    return merge(one, other)


def _join_columns(one: Columns, other: Columns) -> Columns:
    return {name: _join(one.get(name), other.get(name)) for name in {**one, **other}}


def _type(element: _Element) -> Type:
    if not element.children and not element.attributes:
        return _word("".join(element.text).strip())
    return ("struct", _columns(element))


def _word(text: str) -> Type:
    if not text:
        return None
    if _INTEGER.fullmatch(text):
        return "bigint"
    if _NUMBER.fullmatch(text):
        return "double"
    return "boolean" if text in ("true", "false") else STRING
