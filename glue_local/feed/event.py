"""The flat event: one measuring point in one minute, 27 fields, every value a string."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

Event = dict[str, str]

CLASSES = (1, 2, 3, 4, 5)
FLAGS = ("actueel_publicatie", "beschikbaar", "defect", "geldig")
CLASS_MEASURES = ("verkeersintensiteit", "voertuigsnelheid_rekenkundig", "voertuigsnelheid_harmonisch")
POINT_MEASURES = ("bezettingsgraad", "beschikbaarheidsgraad", "onrustigheid")

FIELDS = (
    "beschrijvende_id",
    "unieke_id",
    "lve_nr",
    "tijd_waarneming",
    "tijd_laatst_gewijzigd",
    *FLAGS,
    *(f"{measure}_klasse{k}" for k in CLASSES for measure in CLASS_MEASURES),
    *(f"rekendata_{measure}" for measure in POINT_MEASURES),
)

# The publisher's clock: "always UTC+1 (winter time)", even in summer, says the schema about tijd_waarneming.
WINTER_TIME = timezone(timedelta(hours=1))

_DATE_TIME = re.compile(r"(-?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True)
class Minute:
    """One published minute: its events and its publication time (``tijd_publicatie``; None if the document lacks it).

    ``config_changed`` is ``tijd_laatste_config_wijziging`` as published, ISO text.
    """

    published: datetime | None
    events: Sequence[Event]
    config_changed: str | None = None


def instant(text: str) -> datetime:
    """Parse an xs:dateTime into an aware datetime; without an offset it is winter time, as the publisher documents.

    Raises ValueError if the text is not an xs:dateTime.
    """
    match = _DATE_TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a date and time such as 2017-04-27T14:38:00+01:00")
    seconds, fraction, offset = match.groups()
    # Python 3.10 parses neither Z nor fractions with other than 3 or 6 digits.
    whole = seconds + (f".{fraction[:6]:0<6}" if fraction else "")
    parsed = datetime.fromisoformat(whole + (offset or "").replace("Z", "+00:00"))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=WINTER_TIME)


def epoch_seconds(text: str) -> str:
    """Convert an xs:dateTime to epoch seconds: 2020-04-07T11:30:00+01:00 is 1586255400."""
    return str(int(instant(text).timestamp()))


def iso(moment: datetime) -> str:
    """Format an instant as the publisher does, always at +01:00."""
    return moment.astimezone(WINTER_TIME).isoformat()


def encode(event: Event) -> bytes:
    """Encode an event for a Kinesis record: one JSON object without a newline."""
    return json.dumps(event).encode()
