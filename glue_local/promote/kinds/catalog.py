"""Databases and tables of the Glue catalog. Tables cannot be tagged: their Parameters store the ownership tags."""

from collections.abc import Mapping

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found, members
from glue_local.promote.kinds.tags import tags_as_map

_ABSENT = "EntityNotFoundException"
_MARK = "glue-local:"


def _database(account: Account, request: Request) -> Found | None:
    glue, name = account.clients("glue"), request["DatabaseInput"]["Name"]
    there = found(lambda: glue.get_database(Name=name)["Database"], _ABSENT)
    if there is None:
        return None
    return Found({"DatabaseInput": members(there, DATABASES.shape.members["DatabaseInput"])})


def _database_tags(account: Account, request: Request) -> dict[str, str]:
    arn = account.arn("glue", f"database/{request['DatabaseInput']['Name']}")
    return dict(account.clients("glue").get_tags(ResourceArn=arn)["Tags"])


def _create_database(account: Account, request: Request) -> None:
    account.clients("glue").create_database(**request)


def _update_database(account: Account, request: Request, there: Found) -> None:
    wanted = _with_others(request["DatabaseInput"], there.attributes["DatabaseInput"])
    account.clients("glue").update_database(Name=wanted["Name"], DatabaseInput=wanted)


def _with_others(wanted: Request, there: Request) -> Request:
    """Add the parameters set by others to the desired ones, because an update replaces all parameters."""
    parameters = {**there.get("Parameters", {}), **wanted.get("Parameters", {})}
    return {**wanted, **({"Parameters": parameters} if parameters else {})}


def _delete_database(account: Account, request: Request) -> None:
    account.clients("glue").delete_database(Name=request["DatabaseInput"]["Name"])


def _tables_of(account: Account, request: Request) -> list[str]:
    name = request["DatabaseInput"]["Name"]
    pages = account.clients("glue").get_paginator("get_tables").paginate(DatabaseName=name)
    return [f"tables/{name}.{table['Name']}" for page in pages for table in page["TableList"]]


def _tag_database(account: Account, request: Request, tags: dict[str, str]) -> None:
    arn = account.arn("glue", f"database/{request['DatabaseInput']['Name']}")
    account.clients("glue").tag_resource(ResourceArn=arn, TagsToAdd=tags)


def _table(account: Account, request: Request) -> Found | None:
    name = {"DatabaseName": request["DatabaseName"], "Name": request["TableInput"]["Name"]}
    there = found(lambda: account.clients("glue").get_table(**name)["Table"], _ABSENT)
    if there is None:
        return None
    return Found({"TableInput": _as_spelled(request["TableInput"], members(there, TABLES.shape.members["TableInput"]))})


def _as_spelled(wanted: Request, there: Request) -> Request:
    """Return the table with its columns spelled as in the definition: the catalog keeps their names in lower case."""
    columns = [*wanted.get("StorageDescriptor", {}).get("Columns", []), *wanted.get("PartitionKeys", [])]
    spelled = {column["Name"].lower(): column["Name"] for column in columns}

    def respelled(found: list[Request]) -> list[Request]:
        return [{**column, "Name": spelled.get(column["Name"], column["Name"])} for column in found]

    if "PartitionKeys" in there:
        there = {**there, "PartitionKeys": respelled(there["PartitionKeys"])}
    if "Columns" in there.get("StorageDescriptor", {}):
        descriptor = there["StorageDescriptor"]
        there = {**there, "StorageDescriptor": {**descriptor, "Columns": respelled(descriptor["Columns"])}}
    return there


def _marks(account: Account, request: Request) -> dict[str, str]:
    there = _table(account, request)
    parameters = there.attributes["TableInput"].get("Parameters", {}) if there else {}
    return {key: value for key, value in parameters.items() if key.startswith(_MARK)}


def _create_table(account: Account, request: Request) -> None:
    account.clients("glue").create_table(**request)


def _update_table(account: Account, request: Request, there: Found) -> None:
    wanted = _with_others(request["TableInput"], there.attributes["TableInput"])
    account.clients("glue").update_table(DatabaseName=request["DatabaseName"], TableInput=wanted)


def _delete_table(account: Account, request: Request) -> None:
    account.clients("glue").delete_table(DatabaseName=request["DatabaseName"], Name=request["TableInput"]["Name"])


def _mark(request: Request, tags: Mapping[str, str]) -> Request:
    marks = {key: value for key, value in tags.items() if key.startswith(_MARK)}
    table = request["TableInput"]
    return {**request, "TableInput": {**table, "Parameters": {**table.get("Parameters", {}), **marks}}}


def _mark_table(account: Account, request: Request, tags: dict[str, str]) -> None:
    there = _table(account, request)
    if there is not None:
        _update_table(account, _mark(request, tags), there)


DATABASES = Kind(
    service="glue",
    operation="CreateDatabase",
    name=("DatabaseInput.Name",),
    read=_database,
    create=_create_database,
    update=_update_database,
    delete=_delete_database,
    contents=_tables_of,
    tagging=Tagging(tags_as_map, _database_tags, _tag_database),
    promoted=("DatabaseInput", "Tags"),
    identity=("CatalogId",),
    shared=("Parameters",),
)

TABLES = Kind(
    service="glue",
    operation="CreateTable",
    name=("DatabaseName", "TableInput.Name"),
    read=_table,
    create=_create_table,
    update=_update_table,
    delete=_delete_table,
    tagging=Tagging(_mark, _marks, _mark_table, member=None),
    promoted=("DatabaseName", "TableInput"),
    identity=("DatabaseName", "CatalogId"),
    # Crawlers, Athena and Spark store their own parameters.
    shared=("Parameters",),
    computed=("LastAccessTime", "LastAnalyzedTime"),
)
