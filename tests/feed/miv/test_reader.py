import gzip
from collections import Counter
from pathlib import Path

import pytest

from glue_local.feed.event import FIELDS, Minute
from glue_local.feed.miv.file_errors import FileError
from glue_local.feed.miv.reader import read_minute, read_minutes

POINT = """    <meetpunt beschrijvende_id="H222L10" unieke_id="{id}">
        <lve_nr>55</lve_nr>
        <tijd_waarneming>2017-04-27T14:38:00+01:00</tijd_waarneming>
        <defect>0</defect>
        <meetdata klasse_id="2">
            <verkeersintensiteit>9</verkeersintensiteit>
        </meetdata>
    </meetpunt>
"""
HEAD = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<miv schemaVersion="1.0.0">
    <tijd_publicatie>2017-04-27T14:39:54.399+01:00</tijd_publicatie>
"""


def document(*points: str) -> str:
    return HEAD + "".join(points or [POINT.format(id=1), POINT.format(id=2), POINT.format(id=3)]) + "</miv>\n"


def read(tmp_path: Path, text: str | bytes, name: str = "minute.xml") -> tuple[list[str], list[FileError]]:
    errors: list[FileError] = []
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return [event["unieke_id"] for event in read_minute(path, errors.append).events], errors


def test_the_real_minute_has_its_known_figures(real_minute: Minute) -> None:
    events = real_minute.events
    assert len(events) == 4254
    assert all(tuple(event) == FIELDS for event in events)
    assert all(isinstance(value, str) for event in events for value in event.values())
    assert sum(int(event[f"verkeersintensiteit_klasse{k}"]) for event in events for k in range(2, 6)) == 53205
    assert Counter(event["actueel_publicatie"] for event in events) == {"1": 4176, "0": 78}
    assert Counter(event["defect"] for event in events) == {"0": 4227, "1": 26, "2": 1}
    assert Counter(event["geldig"] for event in events) == {"0": 4196, "1": 57, "3": 1}
    dead = [
        event for event in events if all(event[f"voertuigsnelheid_harmonisch_klasse{k}"] == "254" for k in range(1, 6))
    ]
    assert len(dead) == 90
    assert sum(event["actueel_publicatie"] == "1" for event in dead) == 71
    assert {event["rekendata_beschikbaarheidsgraad"] for event in dead} == {"0"}
    assert real_minute.published is not None
    assert real_minute.published.isoformat() == "2017-04-27T14:39:54.399000+01:00"
    assert real_minute.config_changed == "2017-02-17T14:42:06+01:00"


def test_two_published_points_equal_the_same_points_of_the_full_minute(
    miv_samples: Path, real_minute: Minute, errors: list[FileError]
) -> None:
    two = read_minute(miv_samples / "verkeersdata-two-points.xml", errors.append).events
    by_id = {event["unieke_id"]: event for event in real_minute.events}
    assert two == [by_id["29"], by_id["30"]]
    assert two[1]["tijd_waarneming"] == "1493300280"
    assert two[1]["tijd_laatst_gewijzigd"] == "2017-04-27T14:39:14+01:00"
    assert two[1]["verkeersintensiteit_klasse2"] == "9"
    assert errors == []


def test_missing_values_are_empty_strings(tmp_path: Path, errors: list[FileError]) -> None:
    (tmp_path / "minute.xml").write_text(document())
    event = read_minute(tmp_path / "minute.xml", errors.append).events[0]
    assert event["verkeersintensiteit_klasse2"] == "9"
    assert event["geldig"] == event["tijd_laatst_gewijzigd"] == event["rekendata_bezettingsgraad"] == ""
    assert errors == []


def test_the_complete_points_of_a_truncated_file_are_read(tmp_path: Path) -> None:
    whole = document()
    ids, errors = read(tmp_path, whole[: whole.rindex("<defect>") + 9])
    assert ids == ["1", "2"]
    assert (errors[0].file, errors[0].line) == (str(tmp_path / "minute.xml"), 23)
    assert str(errors[0]).startswith(f"{tmp_path}/minute.xml:23: not well-formed: ")
    assert "meetpunt 3 is skipped" in str(errors[1])


def test_a_truncated_number_is_not_read_as_a_smaller_one(tmp_path: Path) -> None:
    whole = document(POINT.format(id=1), POINT.format(id=2).replace(">9<", ">91<"))
    ids, errors = read(tmp_path, whole[: whole.rindex("91<") + 1])
    assert ids == ["1"]
    assert errors


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("<lve_nr>55</lve_nr>", "<lve_nr>55</lve>"),
        ("<defect>0</defect>", "<defect>0"),
        ("    </meetpunt>\n", ""),
        ("<defect>0</defect>", "<defect>&oops;</defect>"),
        ("<defect>0</defect>", "<defect>\x01</defect>"),
    ],
)
def test_malformed_xml_affects_only_its_own_point(tmp_path: Path, good: str, bad: str) -> None:
    ids, errors = read(
        tmp_path, document(POINT.format(id=1), POINT.format(id=2).replace(good, bad), POINT.format(id=3))
    )
    assert ids == ["1", "3"]
    (skipped,) = (error for error in errors if "is skipped" in str(error))
    assert "meetpunt 2 is skipped" in str(skipped)
    assert 12 <= skipped.line <= 20


@pytest.mark.parametrize(
    ("good", "bad", "line", "expected"),
    [
        ("<defect>0</defect>", "<defect>7</defect>", 15, "defect is '7', not one of 0, 1, 2"),
        ("<defect>0</defect>", "<defect>no</defect>", 15, "defect is 'no', not a whole number"),
        ("<defect>0</defect>", "<storing>0</storing>", 15, "<storing> is not part of schema version 1.0.0"),
        ("<defect>0</defect>", "<lve_nr>56</lve_nr>", 15, "lve_nr occurs twice"),
        ('klasse_id="2"', 'klasse_id="6"', 16, "klasse_id is '6'"),
        ("14:38:00", "25:38:00", 14, "tijd_waarneming: "),
        (' unieke_id="2"', "", 12, "the attribute unieke_id is missing"),
    ],
)
def test_a_point_that_violates_the_schema_is_reported_and_skipped(
    tmp_path: Path, good: str, bad: str, line: int, expected: str
) -> None:
    broken = POINT.format(id=2).replace(good, bad)
    ids, errors = read(tmp_path, document(POINT.format(id=1), broken, POINT.format(id=3)))
    assert ids == ["1", "3"]
    assert [error.line for error in errors] == [line]
    assert expected in str(errors[0])


def test_an_unknown_schema_version_is_reported_and_points_valid_in_1_0_0_are_kept(tmp_path: Path) -> None:
    ids, errors = read(tmp_path, document().replace('"1.0.0"', '"2.0.0"'))
    assert ids == ["1", "2", "3"]
    assert [(error.line, error.message[:30]) for error in errors] == [(2, "unknown schemaVersion '2.0.0':")]


def test_a_document_that_is_not_traffic_data_is_reported(tmp_path: Path) -> None:
    ids, errors = read(tmp_path, "<html><body>503</body></html>")
    assert ids == []
    assert "the root element is <html>, not <miv>" in str(errors[0])


@pytest.mark.parametrize("content", ["", "503 Service Unavailable"])
def test_a_file_without_xml_is_reported(tmp_path: Path, content: str) -> None:
    ids, errors = read(tmp_path, content)
    assert ids == []
    assert "not well-formed" in str(errors[0])


def test_gzip_is_decompressed_and_the_readable_part_of_a_truncated_file_is_used(tmp_path: Path) -> None:
    many = document(*(POINT.format(id=at) for at in range(2000)))
    packed = gzip.compress(many.encode())
    assert len(read(tmp_path, packed, "whole.xml.gz")[0]) == 2000
    ids, errors = read(tmp_path, packed[: len(packed) // 2], "cut.xml.gz")
    assert ids == [str(at) for at in range(len(ids))]
    assert 500 < len(ids) < 1500
    assert "cut.xml.gz:" in str(errors[0])
    assert "truncated" in str(errors[0])


def test_external_entities_are_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("55")
    evil = f'<!DOCTYPE miv [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]>\n<miv'
    point = POINT.format(id=2).replace(">55<", ">&s;<")
    ids, errors = read(tmp_path, document(POINT.format(id=1), point).replace("<miv", evil, 1))
    assert ids == ["1"]
    assert errors


def test_folders_are_read_in_name_order_without_configuration(tmp_path: Path, errors: list[FileError]) -> None:
    (tmp_path / "b.xml").write_text(document(POINT.format(id=2)))
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(document(POINT.format(id=1)).encode()))
    (tmp_path / "configuratie.xml").write_text("<mivconfig/>")
    (tmp_path / "notes.txt").write_text("no")
    minutes = list(read_minutes([tmp_path], errors.append))
    assert [event["unieke_id"] for minute in minutes for event in minute.events] == ["1", "2"]
    assert errors == []


def test_a_missing_path_and_an_empty_folder_raise_file_not_found_error(tmp_path: Path, errors: list[FileError]) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere.xml: no such file or folder"):
        list(read_minutes([tmp_path / "nowhere.xml"], errors.append))
    with pytest.raises(FileNotFoundError, match="no minutes"):
        list(read_minutes([tmp_path], errors.append))


def test_a_configuration_is_reported_once_instead_of_read_as_a_minute(tmp_path: Path) -> None:
    ids, errors = read(tmp_path, '<mivconfig schemaVersion="1.0.0">' + POINT.format(id=1) * 3 + "</mivconfig>")
    assert ids == []
    assert [error.message for error in errors] == [
        "the root element is <mivconfig>, not <miv>: this is not MIV traffic data"
    ]


def test_an_invalid_publication_time_is_reported_and_the_points_are_kept(
    tmp_path: Path, errors: list[FileError]
) -> None:
    (tmp_path / "minute.xml").write_text(document().replace("2017-04-27T14:39:54.399+01:00", "soon"))
    minute = read_minute(tmp_path / "minute.xml", errors.append)
    assert (minute.published, len(minute.events)) == (None, 3)
    assert "tijd_publicatie: 'soon'" in str(errors[0])


def test_a_nested_point_is_kept_and_the_outer_one_is_skipped(tmp_path: Path) -> None:
    outer = POINT.format(id=1).replace("        <defect>0</defect>\n", POINT.format(id=2))
    ids, errors = read(tmp_path, document(outer, POINT.format(id=3)))
    assert ids == ["2", "3"]
    assert len(errors) == 1
