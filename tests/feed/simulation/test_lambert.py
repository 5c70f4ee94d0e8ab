from pathlib import Path

from glue_local.feed.miv.configuration import decimal, read_configuration
from glue_local.feed.miv.file_errors import FileError
from glue_local.feed.simulation.lambert import lambert72


def test_projection_agrees_with_the_publisher_to_two_metres(miv_samples: Path, errors: list[FileError]) -> None:
    for row in read_configuration(miv_samples / "configuratie.xml.gz", errors.append).rows:
        longitude, latitude = decimal(row["lengtegraad_EPSG_4326"]), decimal(row["breedtegraad_EPSG_4326"])
        x, y = decimal(row["X_coord_EPSG_31370"]), decimal(row["Y_coord_EPSG_31370"])
        assert longitude is not None
        assert latitude is not None
        assert x is not None
        assert y is not None
        east, north = lambert72(longitude, latitude)
        assert abs(east - x) < 2
        assert abs(north - y) < 2
