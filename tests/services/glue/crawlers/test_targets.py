"""Which targets a crawler may have."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError

_NUMBERS = count(700)
CATALOG = {"CatalogTargets": [{"DatabaseName": "db", "Tables": ["t"]}]}
LOG = {"DeleteBehavior": "LOG", "UpdateBehavior": "LOG"}


@pytest.fixture
def glue(aws: Callable[..., Any]) -> Any:
    return aws("glue", f"{next(_NUMBERS):012d}")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Targets": {**CATALOG, "S3Targets": [{"Path": "s3://lake/"}]}, "SchemaChangePolicy": LOG}, "another kind"),
        ({"Targets": CATALOG}, "must be LOG, not DEPRECATE_IN_DATABASE"),
        ({"Targets": {"IcebergTargets": [{"Paths": []}]}}, "at least one path"),
        ({"Targets": {"IcebergTargets": [{"Paths": ["lake"]}]}}, "s3://bucket/prefix"),
        ({"Targets": {"HudiTargets": [{"Paths": ["s3://lake/"], "MaximumTraversalDepth": 21}]}}, "between 1 and 20"),
        ({"Targets": {"DeltaTargets": [{"DeltaTables": ["x"]}]}}, "s3://bucket/prefix"),
        (
            {
                "Targets": {
                    "DeltaTargets": [
                        {"DeltaTables": ["s3://lake/t"], "WriteManifest": True, "CreateNativeDeltaTable": True}
                    ]
                }
            },
            "cannot have both",
        ),
        ({"Targets": {"JdbcTargets": [{"Path": "db/%"}]}}, "ConnectionName"),
        ({"Targets": {"JdbcTargets": [{"ConnectionName": "c"}]}}, "database/schema/table"),
        ({"Targets": {"DynamoDBTargets": [{"scanAll": True}]}}, "name of a table"),
        ({"Targets": {"DynamoDBTargets": [{"Path": "t", "scanRate": 2.0}]}}, "between 0.1 and 1.5"),
        ({"Targets": {"DynamoDBTargets": [{"Path": "t"}]}, "DatabaseName": ""}, "DatabaseName"),
        (
            {
                "Targets": {"DynamoDBTargets": [{"Path": "t"}]},
                "SchemaChangePolicy": LOG,
                "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
            },
            "only supported for Amazon S3",
        ),
    ],
)
def test_invalid_targets_are_refused(glue: Any, members: dict[str, Any], message: str) -> None:
    with pytest.raises(ClientError, match=message) as refused:
        glue.create_crawler(**{"Name": "c", "Role": "r", "DatabaseName": "db", **members})
    assert refused.value.response["Error"]["Code"] == "InvalidInputException"


def test_every_kind_of_target_is_stored(glue: Any) -> None:
    targets = {
        "S3Targets": [{"Path": "s3://lake/data/"}],
        "JdbcTargets": [{"ConnectionName": "c", "Path": "db/%", "EnableAdditionalMetadata": ["COMMENTS"]}],
        "DynamoDBTargets": [{"Path": "t", "scanAll": False, "scanRate": 0.5}],
        "DeltaTargets": [{"DeltaTables": ["s3://lake/t"], "WriteManifest": True}],
        "IcebergTargets": [{"Paths": ["s3://lake/i"], "MaximumTraversalDepth": 3}],
        "HudiTargets": [{"Paths": ["s3://lake/h"], "Exclusions": ["tmp/**"]}],
    }
    glue.create_crawler(Name="c", Role="r", DatabaseName="db", Targets=targets)
    found = glue.get_crawler(Name="c")["Crawler"]["Targets"]
    assert {kind: given for kind, given in found.items() if given} == targets
