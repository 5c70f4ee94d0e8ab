from pathlib import Path

import pytest
from lxml import etree

from glue_local.feed.damage import Damage
from glue_local.feed.event import FIELDS, Minute
from glue_local.feed.miv import read_minute
from glue_local.feed.publication import minute_xml
from glue_local.feed.truth import Truth


def test_a_written_minute_is_read_back_the_same(real_minute: Minute, tmp_path: Path, damages: list[Damage]) -> None:
    (tmp_path / "again.xml").write_bytes(minute_xml(real_minute))
    assert read_minute(tmp_path / "again.xml", damages.append) == real_minute
    assert damages == []


def test_two_points_are_written_as_the_publisher_writes_them(miv_samples: Path, damages: list[Damage]) -> None:
    published = miv_samples / "verkeersdata-two-points.xml"
    assert minute_xml(read_minute(published, damages.append)).strip() == published.read_bytes().strip()


def test_a_generated_minute_is_valid(minute: tuple[Minute, list[Truth]], data_schema: etree.XMLSchema) -> None:
    data_schema.assertValid(etree.fromstring(minute_xml(minute[0])))


def test_unknown_values_are_left_out_and_markup_is_escaped(
    real_minute: Minute, data_schema: etree.XMLSchema, tmp_path: Path, damages: list[Damage]
) -> None:
    event = {**dict.fromkeys(FIELDS, ""), "unieke_id": 'a"<&b'}
    document = minute_xml(Minute(real_minute.published, [event]))
    data_schema.assertValid(etree.fromstring(document))
    (tmp_path / "m.xml").write_bytes(document)
    assert read_minute(tmp_path / "m.xml", damages.append).events == [event]


def test_a_minute_without_publication_time_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="tijd_publicatie"):
        minute_xml(Minute(None, []))
