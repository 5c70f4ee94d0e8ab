import gzip
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import load_points
import pytest

POINT = """<meetpunt unieke_id="{id}"><beschrijvende_id>H1L10</beschrijvende_id><volledige_naam> Naam  van
 punt</volledige_naam><Ident_8>{ident}</Ident_8><lve_nr>16</lve_nr><Kmp_Rsys>{km}</Kmp_Rsys><Rijstrook>R10</Rijstrook>
<X_coord_EPSG_31370>144477,0917</X_coord_EPSG_31370><Y_coord_EPSG_31370>208290,6237</Y_coord_EPSG_31370>
<lengtegraad_EPSG_4326>4,289767347</lengtegraad_EPSG_4326><breedtegraad_EPSG_4326>51,18</breedtegraad_EPSG_4326></meetpunt>"""
FIRST, SECOND = "2017-02-17T14:42:06+01:00", "2019-12-05T10:26:49.5+01:00"


def document(*points: str, changed: str = FIRST) -> bytes:
    return (
        f"<mivconfig><tijd_laatste_config_wijziging>{changed}</tijd_laatste_config_wijziging>{''.join(points)}</mivconfig>"
    ).encode()


def point(unieke_id: str = "29", ident: str = "A0140002", km: str = "94,695") -> str:
    return POINT.format(id=unieke_id, ident=ident, km=km)


def test_a_point_becomes_a_row_with_numbers_and_nulls() -> None:
    rows = load_points.parse(gzip.compress(document(point(), point("30", "NULL", ""))), "x.xml.gz")
    assert rows[0] == {
        "unieke_id": "29",
        "valid_from": datetime(2017, 2, 17, 13, 42, 6, tzinfo=timezone.utc),
        "valid_to": None,
        "beschrijvende_id": "H1L10",
        "volledige_naam": "Naam van punt",
        "ident_8": "A0140002",
        "lve_nr": 16,
        "kmp_rsys": 94.695,
        "rijstrook": "R10",
        "x_coord_epsg_31370": 144477.0917,
        "y_coord_epsg_31370": 208290.6237,
        "lengtegraad_epsg_4326": 4.289767347,
        "breedtegraad_epsg_4326": 51.18,
    }
    assert (rows[1]["ident_8"], rows[1]["kmp_rsys"]) == (None, None)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (document(point())[:-20], "c.xml is not a well-formed configuration XML"),
        (gzip.compress(document(point()))[:-20], "c.xml is not a well-formed configuration XML"),
        (b"<miv/>", "c.xml is a <miv>, not a configuration document (<mivconfig>)"),
        (document(), "c.xml has no points"),
        (document(point(), point()), "c.xml has 1 points whose unieke_id occurs more than once"),
        (document(point(km="94.6,5")), "c.xml, meetpunt 29: Kmp_Rsys is '94.6,5', not a number with a decimal comma"),
        (document(point(), changed="yesterday"), "tijd_laatste_config_wijziging is 'yesterday', not a date and time"),
        (document(point(), changed="2017-02-17T14:42:06"), "has no offset from UTC"),
        (b'<mivconfig><tijd_laatste_config_wijziging>2017-02-17T14:42:06Z</tijd_laatste_config_wijziging><meetpunt/></mivconfig>', "without unieke_id"),
    ],
)  # fmt: skip
def test_a_broken_configuration_is_named_with_the_reason(broken: bytes, message: str) -> None:
    with pytest.raises(load_points.BadConfiguration) as error:
        load_points.parse(broken, "c.xml")
    assert message in str(error.value)


def test_a_newer_configuration_ends_the_older_ones() -> None:
    old = load_points.parse(document(point("1"), point("2")), "a")
    new = load_points.parse(document(point("2"), changed=SECOND), "b")
    rows = load_points.dated([*new, *old])
    second = datetime(2019, 12, 5, 9, 26, 49, tzinfo=timezone.utc)
    assert [(row["unieke_id"], row["valid_to"]) for row in rows] == [("1", second), ("2", second), ("2", None)]
    assert load_points.dated([*rows, *old]) == rows


@pytest.fixture
def project(cloud: tuple[Any, Any], resources: dict[str, Any]) -> tuple[Any, Any]:
    glue, s3 = cloud
    for bucket in ("traffic-raw", "traffic-curated"):
        s3.create_bucket(Bucket=bucket)
    glue.create_database(DatabaseInput={"Name": "traffic"})
    glue.create_table(**next(r for r in resources["tables"] if r["TableInput"]["Name"] == "points"))
    return glue, s3


def run(config_path: str = "s3://traffic-raw/config/") -> None:
    paths = {"--config_path": config_path, "--points_path": "s3://traffic-curated/points/"}
    arguments = {**paths, "--database": "traffic", "--table": "points", "--JOB_NAME": "load_points"}
    load_points.main([text for pair in arguments.items() for text in pair])


def rows(s3: Any) -> list[dict[str, Any]]:
    return load_points.read_points(s3, "s3://traffic-curated/points/points.parquet")


def test_loading_again_changes_nothing_and_a_correction_replaces(project: tuple[Any, Any]) -> None:
    glue, s3 = project
    s3.put_object(Bucket="traffic-raw", Key="config/one.xml", Body=document(point("1"), point("2")))
    run()
    written, table = rows(s3), glue.get_table(DatabaseName="traffic", Name="points")["Table"]
    assert table["Parameters"]["recordCount"] == "2"
    assert [row["unieke_id"] for row in written] == ["1", "2"]
    run()
    assert rows(s3) == written
    assert len(glue.get_table_versions(DatabaseName="traffic", TableName="points")["TableVersions"]) == 2
    s3.put_object(Bucket="traffic-raw", Key="config/one.xml", Body=document(point("1", km="95,1")))
    run()
    assert [(row["unieke_id"], row["kmp_rsys"]) for row in rows(s3)] == [("1", 95.1)]


def test_the_catalog_has_the_columns_that_are_written(resources: dict[str, Any]) -> None:
    table = next(r["TableInput"] for r in resources["tables"] if r["TableInput"]["Name"] == "points")
    columns = [(column["Name"], column["Type"]) for column in table["StorageDescriptor"]["Columns"]]
    assert columns == [(field.name, load_points.GLUE_TYPES[field.type]) for field in load_points.SCHEMA]


def test_a_missing_configuration_names_its_path(project: tuple[Any, Any]) -> None:
    with pytest.raises(load_points.BadConfiguration, match="no configuration at s3://traffic-raw/config/new.xml"):
        run("s3://traffic-raw/config/new.xml")


def test_the_real_configuration(miv_samples: Path) -> None:
    rows = load_points.parse((miv_samples / "configuratie.xml.gz").read_bytes(), "configuratie.xml.gz")
    sites = {(row["ident_8"], row["kmp_rsys"]) for row in rows if row["ident_8"] and row["kmp_rsys"] is not None}
    assert (len(rows), len(sites)) == (4254, 2183)
    assert sum(row["kmp_rsys"] is None for row in rows) == 21
