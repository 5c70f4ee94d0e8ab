"""Look up work groups, queries and data catalogs; raise AWS's message for a missing one."""

from typing import Any

from glue_local.core.faults import Invalid, Missing, NotEmulated
from glue_local.services.athena.engine import effective
from glue_local.services.context import Context
from glue_local.store import Document, kinds

PRIMARY = "primary"
AWS_DATA_CATALOG = "AwsDataCatalog"


def find_work_group(ctx: Context, name: str) -> Document:
    """Return a work group; ``primary`` always exists. Raises Missing."""
    group = ctx.documents.read(kinds.WORK_GROUP, name)
    if group is None and name == PRIMARY:
        configuration: dict[str, Any] = {
            "ResultConfiguration": {},
            "EnforceWorkGroupConfiguration": False,
            "PublishCloudWatchMetricsEnabled": False,
            "RequesterPaysEnabled": False,
            "EngineVersion": effective({}),
        }
        return {"Name": PRIMARY, "State": "ENABLED", "Configuration": configuration, "Description": ""}
    if group is None:
        raise Missing(f"WorkGroup {name} is not found.")
    return group


def of_work_group(ctx: Context, name: str) -> list[str]:
    """Return the ids of a work group's named queries."""
    return [key for (key,), query in ctx.documents.scan(kinds.NAMED_QUERY) if query["WorkGroup"] == name]


def find_query(ctx: Context, query_id: str) -> Document:
    """Return a QueryExecution. Raises Missing."""
    query = ctx.documents.read(kinds.QUERY, query_id)
    if query is None:
        raise Missing(f"QueryExecution {query_id} was not found")
    return query


def find_data_catalog(ctx: Context, name: str) -> Document:
    """Return a data catalog; AwsDataCatalog always exists, in any letter case. Raises Missing and NotEmulated."""
    if name.lower() == AWS_DATA_CATALOG.lower():
        return {
            "Name": AWS_DATA_CATALOG,
            "Description": "AWS Data Catalog",
            "Type": "GLUE",
            "Parameters": {"catalog-id": ctx.account},
        }
    catalog = ctx.documents.read(kinds.DATA_CATALOG, name.lower())
    if catalog is None:
        raise Missing(f"Catalog '{name}' does not exist")
    return catalog


def not_in_the_catalog(ctx: Context, message: str) -> Missing:
    """Return Athena's MetadataException for a database or table that the Data Catalog does not have.

    Clients such as PyAthena read the Data Catalog's error code from the message.
    """
    details = f"Status Code: 400; Error Code: EntityNotFoundException; Request ID: {ctx.ids.uuid()}; Proxy: null"
    return Missing(f"{message} (Service: AmazonDataCatalog; {details})", code="MetadataException")


def own_catalog(ctx: Context, name: str) -> None:
    """Check that a data catalog exists and belongs to this account: its databases and tables can be read."""
    of = find_data_catalog(ctx, name)["Parameters"]["catalog-id"]
    if of != ctx.account:
        raise NotEmulated(f"glue-local only has the Data Catalog of the caller's account {ctx.account}, not {of}")


def tags_in(request: dict[str, Any]) -> dict[str, str]:
    """Return the tags of a request by key; raises Invalid for a tag without a key, which AWS's model allows."""
    tags = request.get("Tags", [])
    if any("Key" not in tag for tag in tags):
        raise Invalid("Every tag must have a key.")
    return {tag["Key"]: tag.get("Value", "") for tag in tags}
