"""The expected results of the jobs, computed from their specification in plain Python without the jobs' code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Event = Mapping[str, str]
Point = Mapping[str, Any]
SiteMinute = tuple[str, float, int]


def merits(event: Event) -> tuple[str, str]:
    """Return the table and the reason for an event, without regard to other events."""
    if not event.get("unieke_id") or not event.get("tijd_waarneming", "").isdigit():
        return "rejected", "malformed"
    late = datetime.fromisoformat(event["tijd_laatst_gewijzigd"]).timestamp() - int(event["tijd_waarneming"])
    if event["actueel_publicatie"] != "1" or late > 3600:
        return "quarantine", "frozen"
    if late < -300:
        return "quarantine", "future"
    if event["defect"] != "0":
        return "rejected", "defect"
    if event["rekendata_beschikbaarheidsgraad"] != "100":
        return "rejected", "unavailable"
    if event["geldig"] in ("2", "3"):
        return "rejected", "irregular"
    return "events", ""


@dataclass
class Tables:
    """The expected tables: usable events by key, quarantined keys, and rejected events by reason."""

    events: dict[tuple[str, int], Event] = field(default_factory=dict)
    quarantine: dict[tuple[str, int], str] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def tables(events: Iterable[Event]) -> Tables:
    """Return the expected tables for published events."""
    result = Tables()
    for event in events:
        table, reason = merits(event)
        if table == "rejected":
            result.rejected[reason] += 1
            continue
        key = (event["unieke_id"], int(event["tijd_waarneming"]))
        kept: dict[Any, Any] = result.events if table == "events" else result.quarantine
        if key in kept:
            result.rejected["duplicate"] += 1
        if table == "quarantine":
            result.quarantine[key] = reason
        elif key not in kept or changed(event) >= changed(kept[key]):
            result.events[key] = event
    return result


def changed(event: Event) -> datetime:
    """Return the time of an event's last change."""
    return datetime.fromisoformat(event["tijd_laatst_gewijzigd"])


def at(point: Point, seconds: int) -> bool:
    """Return whether a point's configuration row applies at a time."""
    start, end = point["since"], point["until"]
    return bool(start <= seconds < end)


def sites(events: Iterable[Event], points: Iterable[Point]) -> dict[SiteMinute, dict[str, Any]]:
    """Return the aggregates of usable events per (Ident_8, Kmp_Rsys, epoch seconds).

    ``points`` have unieke_id, ident_8, kmp_rsys, rijstrook, and since and until in epoch seconds.
    """
    by_id = defaultdict(list)
    for point in points:
        by_id[point["unieke_id"]].append(point)
    minutes: set[int] = set()
    lanes = defaultdict(list)
    for event in events:
        second = int(event["tijd_waarneming"])
        minutes.add(second)
        for point in by_id[event["unieke_id"]]:
            if at(point, second) and point["ident_8"] and point["kmp_rsys"] is not None and counts(event, point):
                lanes[point["ident_8"], point["kmp_rsys"], second].append(event)
    rows = {
        (point["ident_8"], point["kmp_rsys"], second): measured(
            lanes.get((point["ident_8"], point["kmp_rsys"], second), [])
        )
        for all_of_one in by_id.values()
        for point in all_of_one
        if point["ident_8"] and point["kmp_rsys"] is not None
        for second in minutes
        if at(point, second)
    }
    for key, row in rows.items():
        look_back(rows, key, row)
    return rows


def counts(event: Event, point: Point) -> bool:
    """Return whether a lane belongs to the carriageway in that minute: R lanes, and S lanes in use."""
    used = any(int(event[f"verkeersintensiteit_klasse{k}"]) for k in (2, 3, 4, 5))
    return point["rijstrook"][0] == "R" or (point["rijstrook"][0] == "S" and used)


def measured(lanes: list[Event]) -> dict[str, Any]:
    """Aggregate one site's lanes in one minute."""
    row: dict[str, Any] = {"lanes": len(lanes), "current_speed": None, "bezettingsgraad": None}
    for k in (2, 3, 4, 5):
        row[f"class{k}"] = sum(int(lane[f"verkeersintensiteit_klasse{k}"]) for lane in lanes) if lanes else None
    pairs = [
        (int(lane[f"verkeersintensiteit_klasse{k}"]), int(lane[f"voertuigsnelheid_harmonisch_klasse{k}"]))
        for lane in lanes
        for k in (2, 3, 4, 5)
    ]
    pairs = [(q, v) for q, v in pairs if q > 0 and v not in (0, 251, 252, 254)]
    if pairs:
        row["current_speed"] = sum(q for q, _ in pairs) / sum(q / v for q, v in pairs)
    if lanes:
        row["bezettingsgraad"] = sum(int(lane["rekendata_bezettingsgraad"]) for lane in lanes) / len(lanes)
    return row


def look_back(rows: dict[SiteMinute, dict[str, Any]], key: SiteMinute, row: dict[str, Any]) -> None:
    """Add the window columns to a row."""
    ident_8, kmp_rsys, second = key

    def average(minutes: int) -> float | None:
        window = [rows.get((ident_8, kmp_rsys, second - 60 * n), {}).get("current_speed") for n in range(minutes)]
        known = [speed for speed in window if speed is not None]
        return sum(known) / len(known) if known else None

    row["average_3"], row["average_20"] = average(3), average(20)
    row["jam"], row["jam_long"] = (
        -1 if mean is None else int(mean <= 40) for mean in (row["average_3"], row["average_20"])
    )
    row["previous"] = rows.get((ident_8, kmp_rsys, second - 60), {}).get("current_speed")
    change = 0.0 if None in (row["previous"], row["current_speed"]) else row["current_speed"] - row["previous"]
    row["change"] = 1 if change >= 20 else -1 if change <= -20 else 0
