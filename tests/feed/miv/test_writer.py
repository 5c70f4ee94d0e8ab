from pathlib import Path

import pytest
from lxml import etree

from glue_local.feed.event import FIELDS, Minute
from glue_local.feed.miv.file_errors import FileError
from glue_local.feed.miv.reader import read_minute
from glue_local.feed.miv.writer import minute_xml
from glue_local.feed.simulation.ground_truth import Truth


def test_a_written_minute_is_read_back_the_same(real_minute: Minute, tmp_path: Path, errors: list[FileError]) -> None:
    (tmp_path / "again.xml").write_bytes(minute_xml(real_minute))
    assert read_minute(tmp_path / "again.xml", errors.append) == real_minute
    assert errors == []


def test_two_points_are_written_exactly_as_published(miv_samples: Path, errors: list[FileError]) -> None:
    published = miv_samples / "verkeersdata-two-points.xml"
    assert minute_xml(read_minute(published, errors.append)).strip() == published.read_bytes().strip()


def test_a_generated_minute_is_valid(minute: tuple[Minute, list[Truth]], data_schema: etree.XMLSchema) -> None:
    data_schema.assertValid(etree.fromstring(minute_xml(minute[0])))


def test_unknown_values_are_omitted_and_markup_is_escaped(
    real_minute: Minute, data_schema: etree.XMLSchema, tmp_path: Path, errors: list[FileError]
) -> None:
    event = {**dict.fromkeys(FIELDS, ""), "unieke_id": 'a"<&b'}
    document = minute_xml(Minute(real_minute.published, [event]))
    data_schema.assertValid(etree.fromstring(document))
    (tmp_path / "m.xml").write_bytes(document)
    assert read_minute(tmp_path / "m.xml", errors.append).events == [event]


def test_a_minute_without_publication_time_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="tijd_publicatie"):
        minute_xml(Minute(None, []))
