"""The report rendered from a small result: one self-contained file."""

import re
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree

import pytest

from glue_local.client.executions import Line
from glue_local.costs import Cost
from glue_local.demo.report import Facts, NothingMeasured, render
from glue_local.demo.results import Reading, Site
from glue_local.demo.runs import Quality, Run
from glue_local.demo.timeline import Span

START = datetime(2026, 11, 23, 5, 45, tzinfo=timezone.utc)


def site(ident_8: str, kmp: float, speeds: list[float | None]) -> Site:
    readings = [
        Reading(START + timedelta(minutes=at), speed, speed is not None and speed <= 40)
        for at, speed in enumerate(speeds)
    ]
    return Site(ident_8, kmp, f"Snede <Gent> {kmp}", 3.7 + kmp / 100, 51 + kmp / 200, readings)


SITES = [
    site("A0140001", 10.0, [90, 30, 20, 35]),
    site("A0140001", 12.0, [95, 92, 90, None]),
    site("A0140002", 12.0, [100, 100, 100, 100]),
    site("A0141911", 0.3, [38, 38, 38, 38]),
]
SPANS = [
    Span("Server", "phase", START, START + timedelta(seconds=2)),
    Span("Repartition", "state", START + timedelta(seconds=2), START + timedelta(seconds=20)),
    Span("repartition", "run", START + timedelta(seconds=3), START + timedelta(seconds=19), failed=True),
]


@pytest.fixture(scope="module")
def report() -> str:
    run = Run("jr_1", "repartition", "FAILED", START, START + timedelta(seconds=16), {}, [Line("a <b>", error=True)], 7)
    hour = {"hour": "2026/11/23/05", "minutes": 15, "events": 1200, "completeness": 0.961, "site_minutes": 600}
    quality = Quality([{**hour, "repeated": 0, "implausible": 0.0012}], ["2026/11/23/05: too few"])
    events = {"usable": 1200, "duplicate": 30, "frozen": 4}
    return render(SITES, SPANS, Facts(1234, 1240, "print(1 < 2)", events, [run], quality))


def test_the_report_loads_nothing(report: str) -> None:
    assert not re.search(r"(?:src|href(?!=\"#)|url|action|srcset)\s*[=(]", report)
    assert not re.search(r"https?://", report)
    assert "default-src 'none'" in report


def test_every_site_is_on_the_map_with_a_tooltip(report: str) -> None:
    dots = re.findall(r"<circle .*?<title>(.*?)</title></circle>", report)
    assert sorted(dots) == [
        "E17 ramp, km 0.3: 38 km/h at 06:46",
        "E17 → Antwerpen-West, km 10: 30 km/h at 06:46",
        "E17 → Antwerpen-West, km 12: 92 km/h at 06:46",
        "E17 → Rekkem, km 12: 100 km/h at 06:46",
    ]


def test_the_diagram_shows_the_worst_carriageway_and_labels_both_axes(report: str) -> None:
    assert "Time and space: E17 → Antwerpen-West" in report
    cells = re.findall(r"<rect x=.*?<title>(km .*?)</title></rect>", report)
    assert len(cells) == 8
    assert "km 12 at 06:48: not measured" in cells
    assert "kilometre of the road" in report
    assert "time of observation" in report


def test_jams_are_listed_with_carriageways_first(report: str) -> None:
    rows = re.findall(r"<tr><td><i.*?</tr>", report)
    cells = [re.findall(r">([^<>]+)</td>", row) for row in rows]
    assert cells == [
        ["E17 → Antwerpen-West", "10.0", "Snede &lt;Gent&gt; 10.0", "06:46", "still jammed", "≥ 3", "20"],
        ["E17 ramp", "0.3", "Snede &lt;Gent&gt; 0.3", "≤ 06:45", "still jammed", "≥ 4", "38"],
    ]
    assert re.search(r"<b>2</b><span>jams at 2 sites</span>", report)


def test_the_map_names_its_roads_and_has_a_scale(report: str) -> None:
    assert re.findall(r'class="shield">.*?<text.*?>(\w+)</text>', report) == ["E17"]
    assert re.search(r'class="scale".*>20 km</text>', report)


def test_the_quality_says_where_every_event_went(report: str) -> None:
    text = re.sub(r"<[^>]+>", "", report)
    assert "Of 1,234 events, the job repartition kept 1,200" in text
    assert "30 duplicate, 4 frozen." in text
    assert "1 violated" in text
    assert "2026/11/23/05: too few" in text
    assert "96.1 %" in text


def test_a_run_links_to_its_output(report: str) -> None:
    assert '<a href="#jr_1">' in report
    assert '<details id="jr_1">' in report
    assert '<span class="error">a &lt;b&gt;</span>' in report
    assert "<code>glue-local logs repartition jr_1</code> shows 7 more" in report


def test_each_colour_has_a_value_for_a_dark_page(report: str) -> None:
    light, dark = report.split("prefers-color-scheme: dark", 2)[1:]
    for name in ("s0", "s5", "unknown", "road", "town"):
        assert f"--{name}:" in light
        assert f"--{name}:" in dark


def test_a_failed_run_is_marked_on_the_timeline(report: str) -> None:
    assert re.search(r'<rect class="run failed".*<title>repartition, 16\.0 s</title>', report)


def test_the_report_says_what_the_execution_would_cost(report: str) -> None:
    assert "on AWS" not in report, "without costs there is no section"
    costs = [
        Cost("Glue", "repartition: 2 DPU for 60 s", 0.01467),
        Cost("Step Functions", "9 state transitions", 0.000225),
    ]
    priced = render(SITES, SPANS, Facts(1, 1, "q", costs=costs))
    rows = re.findall(r"<tr><td>(?:<b>)?(Glue|Step Functions|total).*?number\">(?:<b>)?([$0-9.]+)", priced)
    assert rows == [("Glue", "$0.0147"), ("Step Functions", "$0.0002"), ("total", "$0.0149")]
    assert "at list prices of us-east-1, 2026-10-07" in priced


def test_images_are_well_formed(report: str) -> None:
    pictures = re.findall(r"<svg.*?</svg>", report, re.DOTALL)
    assert len(pictures) == 3
    for picture in pictures:
        assert ElementTree.fromstring(picture).get("aria-label")


def test_a_result_without_readings_raises_nothing_measured() -> None:
    with pytest.raises(NothingMeasured):
        render([], SPANS, Facts(0, 0, ""))
