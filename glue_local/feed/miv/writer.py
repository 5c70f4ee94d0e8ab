"""Write a minute as the publisher does: XML that is valid against miv-verkeersdata.xsd."""

from datetime import datetime, timezone
from xml.sax.saxutils import escape, quoteattr

from glue_local.feed.event import CLASS_MEASURES, CLASSES, FLAGS, POINT_MEASURES, Event, Minute, iso

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<miv xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:noNamespaceSchemaLocation="./miv-verkeersdata.xsd" schemaVersion="1.0.0">\n'
)


def minute_xml(minute: Minute) -> bytes:
    """Return a minute's XML; reading it back returns the same events. Raises ValueError if it has no publication time."""
    if minute.published is None:
        raise ValueError("cannot write a minute without tijd_publicatie: the schema requires it")
    published = minute.published.astimezone(timezone.utc)
    lines = [_HEAD, _element("tijd_publicatie", _milliseconds(published), 1)]
    if minute.config_changed:
        lines.append(_element("tijd_laatste_config_wijziging", minute.config_changed, 1))
    lines += [_point(event) for event in minute.events]
    lines.append("</miv>\n")
    return "".join(lines).encode()


def _point(event: Event) -> str:
    described = f" beschrijvende_id={quoteattr(event['beschrijvende_id'])}" if event["beschrijvende_id"] else ""
    observed = event["tijd_waarneming"]
    plain = {
        "lve_nr": event["lve_nr"],
        "tijd_waarneming": iso(datetime.fromtimestamp(int(observed), timezone.utc)) if observed else "",
        "tijd_laatst_gewijzigd": event["tijd_laatst_gewijzigd"],
        **{flag: event[flag] for flag in FLAGS},
    }
    return (
        f"    <meetpunt{described} unieke_id={quoteattr(event['unieke_id'])}>\n"
        + "".join(_element(name, value, 2) for name, value in plain.items())
        + "".join(_meetdata(event, k) for k in CLASSES)
        + _group("rekendata", "", [(name, event[f"rekendata_{name}"]) for name in POINT_MEASURES])
        + "    </meetpunt>\n"
    )


def _meetdata(event: Event, k: int) -> str:
    return _group("meetdata", f' klasse_id="{k}"', [(name, event[f"{name}_klasse{k}"]) for name in CLASS_MEASURES])


def _group(name: str, attributes: str, values: list[tuple[str, str]]) -> str:
    inner = "".join(_element(child, value, 3) for child, value in values)
    return f"        <{name}{attributes}>\n{inner}        </{name}>\n" if inner else ""


def _element(name: str, value: str, depth: int) -> str:
    # In the schema every element is optional but an empty one is invalid: omit unknown values.
    return f"{'    ' * depth}<{name}>{escape(value)}</{name}>\n" if value else ""


def _milliseconds(published: datetime) -> str:
    text = iso(published.replace(microsecond=0))
    return f"{text[:19]}.{published.microsecond // 1000:03d}{text[19:]}" if published.microsecond else text
