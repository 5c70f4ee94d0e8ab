"""pyiceberg on the Glue catalog, without Athena's engine."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glue_local.server import Server
from tests.public_clients.conftest import Installed
from tests.public_clients.installed import environment_of, run

SCRIPT = Path(__file__).parent / "scripts" / "pyiceberg_catalog.py"
pytestmark = pytest.mark.long


def test_tables_are_created_read_changed_and_dropped(
    endpoint: Server, aws: Callable[..., Any], installed: Installed, tmp_path: Path
) -> None:
    aws("s3").create_bucket(Bucket="lake")
    environment = environment_of(endpoint.port, DATABASE="roads", STAGING="s3://lake/")
    found = json.loads(run([str(installed("pyiceberg") / "python"), str(SCRIPT)], tmp_path, **environment))
    assert found == {
        "rows": [
            {"id": 1, "road": "a", "length": None},
            {"id": 2, "road": "B", "length": 1.5},
            {"id": 9, "road": "late", "length": None},
        ],
        "filtered": 1,
        "columns": ["id", "road", "at", "length"],
        "snapshots": 6,
        "before": 2,
        "listed": [["roads_iceberg", "sites"]],
        "namespace": {"comment": "of pyiceberg", "location": "s3://lake/roads_iceberg"},
        "renamed": [["roads_iceberg", "places"]],
        "dropped": True,
        "namespaces": ["roads_iceberg"],
    }
    table = aws("glue").get_table(DatabaseName="roads_iceberg", Name="places")["Table"]
    assert (table["TableType"], table["Parameters"]["table_type"]) == ("EXTERNAL_TABLE", "ICEBERG")
    key = table["Parameters"]["metadata_location"].removeprefix("s3://lake/")
    metadata = json.loads(aws("s3").get_object(Bucket="lake", Key=key)["Body"].read())
    schema = next(each for each in metadata["schemas"] if each["schema-id"] == metadata["current-schema-id"])
    assert [each["name"] for each in schema["fields"]] == ["id", "road", "at", "length"]
    assert (len(metadata["snapshots"]), metadata["properties"]["owner"]) == (6, "roads")
    assert [each["Name"] for each in aws("glue").get_databases()["DatabaseList"]] == ["roads_iceberg"]
