"""Read and write the configuration document, which locates each measuring point (miv-config.xsd)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from glue_local.feed.miv.file_errors import FileError, Report
from glue_local.feed.miv.files import content
from glue_local.feed.miv.fragments import SAFE
from glue_local.feed.miv.point import line_of

SCHEMA_VERSION = "1.0.0"

NUMBERS = (
    "Kmp_Rsys",
    "X_coord_EPSG_31370",
    "Y_coord_EPSG_31370",
    "lengtegraad_EPSG_4326",
    "breedtegraad_EPSG_4326",
)
COLUMNS = ("beschrijvende_id", "volledige_naam", "Ident_8", "lve_nr", "Kmp_Rsys", "Rijstrook", *NUMBERS[1:])

# One point: unieke_id and COLUMNS, all as text; NUMBERS have decimal commas as published, "" means absent.
Row = dict[str, str]

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<mivconfig xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:noNamespaceSchemaLocation="http://miv.opendata.belfla.be/miv-config.xsd" schemaVersion="1.0.0">\n'
)


@dataclass(frozen=True)
class Configuration:
    """The points as of ``changed`` (``tijd_laatste_config_wijziging``, ISO text)."""

    changed: str
    rows: list[Row] = field(default_factory=list)


def read_configuration(path: Path, report: Report) -> Configuration:
    """Read the configuration from a file (.xml or .gz); report errors and return the valid points."""
    changed, rows = "", []

    def damage(line: int, message: str) -> None:
        report(FileError(str(path), line, message))

    try:
        for _, element in etree.iterparse(BytesIO(content(path, report)), **SAFE):
            if element.tag == "tijd_laatste_config_wijziging":
                changed = element.text or ""
            elif element.tag == "meetpunt":
                problem = _problem(element)
                if problem:
                    damage(line_of(element), f"meetpunt {element.get('unieke_id', '?')} is skipped: {problem}")
                else:
                    rows.append(_row(element))
                element.getparent().remove(element)
            elif element.tag == "mivconfig" and element.get("schemaVersion") != SCHEMA_VERSION:
                damage(line_of(element), f"unknown schemaVersion {element.get('schemaVersion')!r}")
            elif element.getparent() is None and element.tag != "mivconfig":
                damage(line_of(element), f"the root element is <{element.tag}>, not <mivconfig>")
    except etree.XMLSyntaxError as error:
        damage(error.lineno or 1, f"not well-formed: {error.msg}; the {len(rows)} points before it were read")
    return Configuration(changed, rows)


def decimal(text: str) -> float | None:
    """Parse a number with a decimal comma; return None for empty text. Raises ValueError for other text."""
    return float(text.replace(",", ".")) if text.strip() else None


def comma(number: float, digits: int) -> str:
    """Format a number as the publisher does, with a decimal comma."""
    return f"{number:.{digits}f}".replace(".", ",")


def configuration_xml(changed: str, rows: Iterable[Row]) -> bytes:
    """Return the configuration document for rows; ``read_configuration`` reads the same rows back."""
    parts = [_HEAD, f"    <tijd_laatste_config_wijziging>{changed}</tijd_laatste_config_wijziging>\n"]
    for row in rows:
        parts.append(f"    <meetpunt unieke_id={quoteattr(row['unieke_id'])}>\n")
        parts += [f"        <{name}>{escape(row[name])}</{name}>\n" for name in COLUMNS]
        parts.append("    </meetpunt>\n")
    return "".join([*parts, "</mivconfig>\n"]).encode()


def _row(meetpunt: "etree._Element") -> Row:
    return {
        "unieke_id": meetpunt.get("unieke_id", ""),
        **{name: (meetpunt.findtext(name) or "").strip() for name in COLUMNS},
    }


def _problem(meetpunt: "etree._Element") -> str | None:
    if not meetpunt.get("unieke_id"):
        return "the attribute unieke_id is missing"
    for name in NUMBERS:
        text = meetpunt.findtext(name) or ""
        try:
            decimal(text)
        except ValueError:
            return f"{name} is {text!r}, not a number with a decimal comma"
    return None
