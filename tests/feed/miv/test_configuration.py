from pathlib import Path

from lxml import etree

from glue_local.feed.miv.configuration import comma, configuration_xml, decimal, read_configuration
from glue_local.feed.miv.file_errors import FileError
from glue_local.feed.simulation.network import Network


def test_the_real_configuration_has_its_known_figures(miv_samples: Path, errors: list[FileError]) -> None:
    configuration = read_configuration(miv_samples / "configuratie.xml.gz", errors.append)
    assert configuration.changed == "2017-02-17T14:42:06+01:00"
    assert len(configuration.rows) == 4254
    located = [row for row in configuration.rows if row["Kmp_Rsys"]]
    assert len(located) == 4254 - 21
    assert len({(row["Ident_8"], row["Kmp_Rsys"]) for row in located}) == 2183
    assert decimal(configuration.rows[0]["Kmp_Rsys"]) == 94.695
    assert errors == []


def test_a_generated_configuration_is_valid_and_read_back_the_same(
    network: Network, config_schema: etree.XMLSchema, tmp_path: Path, errors: list[FileError]
) -> None:
    document = network.configuration()
    config_schema.assertValid(etree.fromstring(document))
    (tmp_path / "configuratie.xml").write_bytes(document)
    configuration = read_configuration(tmp_path / "configuratie.xml", errors.append)
    assert configuration_xml(configuration.changed, configuration.rows) == document
    assert errors == []


def test_numbers_have_decimal_commas() -> None:
    assert comma(94.6951, 3) == "94,695"
    assert decimal("94,695") == 94.695
    assert decimal("") is None


def test_an_invalid_number_and_a_truncation_are_reported_and_valid_points_kept(
    tmp_path: Path, errors: list[FileError]
) -> None:
    text = (
        '<mivconfig schemaVersion="1.0.0">\n<meetpunt unieke_id="1"><Kmp_Rsys>1,5</Kmp_Rsys></meetpunt>\n'
        '<meetpunt unieke_id="2"><Kmp_Rsys>NULL</Kmp_Rsys></meetpunt>\n<meetpunt unieke_id="3"><Kmp_R'
    )
    path = tmp_path / "configuratie.xml"
    path.write_text(text)
    assert [row["unieke_id"] for row in read_configuration(path, errors.append).rows] == ["1"]
    assert [error.line for error in errors] == [3, 4]
    assert "meetpunt 2 is skipped: Kmp_Rsys is 'NULL'" in str(errors[0])


def test_another_document_type_or_version_is_reported(tmp_path: Path, errors: list[FileError]) -> None:
    path = tmp_path / "configuratie.xml"
    path.write_text("<miv/>")
    read_configuration(path, errors.append)
    path.write_text('<mivconfig schemaVersion="3"/>')
    read_configuration(path, errors.append)
    assert ["<miv>, not <mivconfig>" in errors[0].message, "schemaVersion '3'" in errors[1].message] == [True, True]
