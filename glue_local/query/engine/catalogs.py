"""Trino's catalogs: one for Hive tables per account and region, and a hidden one for Iceberg tables behind it."""

from collections.abc import Mapping
from dataclasses import dataclass

from glue_local.query.session import CATALOG

OPEN_PARTITIONS = 100
"""Athena's limit for INSERT and CTAS: https://docs.aws.amazon.com/athena/latest/ug/ctas-insert-into.html"""


@dataclass(frozen=True)
class Place:
    """The account and region of a catalog, and its endpoint."""

    endpoint: str
    account: str
    region: str


def name_of(place: Place, default: Place) -> str:
    """Return Trino's name of a place's catalog. The default place has Athena's name in lower case, as Trino requires."""
    if place == default:
        return CATALOG
    return f"{CATALOG}_{place.account}_{place.region.replace('-', '_')}"


def hidden(name: str) -> str:
    """Return the name of the Iceberg catalog behind ``name``."""
    return f"{name}_iceberg"


def properties(name: str, place: Place) -> Mapping[str, Mapping[str, str]]:
    """Return the properties of both catalogs by name, as Trino's documentation lists them.

    Each redirects to the other, so that one name has both kinds of tables, as in Athena.
    """
    return {
        name: {
            "connector.name": "hive",
            "hive.metastore": "glue",
            **_access(place),
            # Athena's tables are external, and INSERT can write to them.
            "hive.non-managed-table-writes-enabled": "true",
            "hive.partition-projection-enabled": "true",
            "hive.max-partitions-per-writers": str(OPEN_PARTITIONS),
            "hive.iceberg-catalog-name": hidden(name),
        },
        hidden(name): {
            "connector.name": "iceberg",
            "iceberg.catalog.type": "glue",
            **_access(place),
            "iceberg.hive-catalog-name": name,
            # Athena's table properties for OPTIMIZE and VACUUM, which Trino does not have.
            "iceberg.allowed-extra-properties": "*",
        },
    }


def create(name: str, place: Place) -> list[str]:
    """Return the statements that create a place's catalogs in a running engine."""
    statements = []
    for each, all_properties in properties(name, place).items():
        given = ", ".join(
            f"{_identifier(key)} = {_text(value)}" for key, value in all_properties.items() if key != "connector.name"
        )
        using = all_properties["connector.name"]
        statements.append(f"CREATE CATALOG IF NOT EXISTS {_identifier(each)} USING {using} WITH ({given})")
    return statements


def _access(place: Place) -> dict[str, str]:
    return {
        "hive.metastore.glue.endpoint-url": place.endpoint,
        "hive.metastore.glue.region": place.region,
        # The endpoint reads the account from the access key.
        "hive.metastore.glue.aws-access-key": place.account,
        "hive.metastore.glue.aws-secret-key": "test",
        "fs.native-s3.enabled": "true",
        "s3.endpoint": place.endpoint,
        "s3.region": place.region,
        "s3.path-style-access": "true",
        "s3.aws-access-key": place.account,
        "s3.aws-secret-key": "test",
    }


def _identifier(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
