"""AWS::Glue::Database, Table, Partition, Connection, Job, Crawler, Workflow and Trigger.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_Glue.html
"""

from typing import Any

from glue_local.backend.cloudformation.kind import Kind, Made, Properties, fitted, tags_as_map, without


def _create_database(glue: Any, name: str, properties: Properties) -> Made:
    glue.create_database(**fitted(glue, "CreateDatabase", without(properties, "CatalogId", "DatabaseName")))
    return Made(name.lower())


def _update_database(glue: Any, name: str, old: Properties, new: Properties) -> None:
    glue.update_database(Name=name, **fitted(glue, "UpdateDatabase", {"DatabaseInput": new["DatabaseInput"]}))


def _create_table(glue: Any, name: str, properties: Properties) -> Made:
    glue.create_table(**fitted(glue, "CreateTable", without(properties, "CatalogId")))
    return Made(name.lower())


def _update_table(glue: Any, name: str, old: Properties, new: Properties) -> None:
    glue.update_table(**fitted(glue, "UpdateTable", without(new, "CatalogId")))


def _create_partition(glue: Any, name: str, properties: Properties) -> Made:
    glue.create_partition(**fitted(glue, "CreatePartition", without(properties, "CatalogId")))
    return Made("|".join([properties["DatabaseName"], properties["TableName"], *_values(properties)]))


def _update_partition(glue: Any, name: str, old: Properties, new: Properties) -> None:
    request = {**without(new, "CatalogId"), "PartitionValueList": _values(old)}
    glue.update_partition(**fitted(glue, "UpdatePartition", request))


def _delete_partition(glue: Any, name: str, properties: Properties) -> None:
    place = {"DatabaseName": properties["DatabaseName"], "TableName": properties["TableName"]}
    glue.delete_partition(**place, PartitionValues=_values(properties))


def _values(properties: Properties) -> list[str]:
    return [str(value) for value in properties["PartitionInput"]["Values"]]


def _create_connection(glue: Any, name: str, properties: Properties) -> Made:
    request = {**without(properties, "CatalogId", "Tags"), "Tags": tags_as_map(properties.get("Tags"))}
    glue.create_connection(**fitted(glue, "CreateConnection", request))
    return Made(name)


def _update_connection(glue: Any, name: str, old: Properties, new: Properties) -> None:
    request = {"Name": name, "ConnectionInput": new["ConnectionInput"]}
    glue.update_connection(**fitted(glue, "UpdateConnection", request))


def _create_job(glue: Any, name: str, properties: Properties) -> Made:
    request = {**properties, "Tags": tags_as_map(properties.get("Tags"))}
    glue.create_job(**fitted(glue, "CreateJob", request))
    return Made(name)


def _update_job(glue: Any, name: str, old: Properties, new: Properties) -> None:
    definition = fitted(glue, "UpdateJob", {"JobUpdate": without(new, "Name", "Tags")})
    glue.update_job(JobName=name, **definition)
    _update_tags(glue, f"job/{name}", old, new)


def _create_crawler(glue: Any, name: str, properties: Properties) -> Made:
    request = {**_crawler(properties), "Tags": tags_as_map(properties.get("Tags"))}
    glue.create_crawler(**fitted(glue, "CreateCrawler", request))
    return Made(name)


def _update_crawler(glue: Any, name: str, old: Properties, new: Properties) -> None:
    # UpdateCrawler keeps members that the request omits.
    removed = {member: value for member, value in _REMOVED.items() if member in old}
    glue.update_crawler(**fitted(glue, "UpdateCrawler", {**removed, **_crawler(new)}))
    _update_tags(glue, f"crawler/{name}", old, new)


_REMOVED: Properties = {
    "Description": "",
    "TablePrefix": "",
    "Schedule": "",
    "Classifiers": [],
    "Configuration": '{"Version": 1.0}',
    "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"},
    "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
}


def _crawler(properties: Properties) -> Properties:
    request = without(properties, "Tags")
    # What has another type is left for the API to refuse.
    if isinstance(request.get("Schedule"), dict):
        request["Schedule"] = request["Schedule"].get("ScheduleExpression", "")
    targets = request.get("Targets")
    if isinstance(targets, dict) and targets.get("DynamoDBTargets"):
        tables = [_lower(table, "ScanAll", "ScanRate") for table in targets["DynamoDBTargets"]]
        request["Targets"] = {**targets, "DynamoDBTargets": tables}
    return request


def _lower(properties: Properties, *names: str) -> Properties:
    return {name[0].lower() + name[1:] if name in names else name: value for name, value in properties.items()}


def _create_workflow(glue: Any, name: str, properties: Properties) -> Made:
    request = {**properties, "Tags": tags_as_map(properties.get("Tags"))}
    glue.create_workflow(**fitted(glue, "CreateWorkflow", request))
    return Made(name)


def _update_workflow(glue: Any, name: str, old: Properties, new: Properties) -> None:
    glue.update_workflow(**fitted(glue, "UpdateWorkflow", {**without(new, "Tags"), "Name": name}))
    _update_tags(glue, f"workflow/{name}", old, new)


def _create_trigger(glue: Any, name: str, properties: Properties) -> Made:
    request = {**properties, "Tags": tags_as_map(properties.get("Tags"))}
    glue.create_trigger(**fitted(glue, "CreateTrigger", request))
    return Made(name)


def _update_trigger(glue: Any, name: str, old: Properties, new: Properties) -> None:
    definition = without(new, "Name", "Type", "WorkflowName", "StartOnCreation", "Tags")
    glue.update_trigger(Name=name, **fitted(glue, "UpdateTrigger", {"TriggerUpdate": definition}))
    _update_tags(glue, f"trigger/{name}", old, new)


def _update_tags(glue: Any, resource: str, old: Properties, new: Properties) -> None:
    arn = f"arn:aws:glue:{glue.meta.region_name}:{_account(glue)}:{resource}"
    before, after = tags_as_map(old.get("Tags")), tags_as_map(new.get("Tags"))
    if gone := [tag for tag in before if tag not in after]:
        glue.untag_resource(ResourceArn=arn, TagsToRemove=gone)
    if after:
        glue.tag_resource(ResourceArn=arn, TagsToAdd=after)


def _account(client: Any) -> str:
    # These clients use their account as the access key.
    return str(client._request_signer._credentials.access_key)


KINDS = (
    Kind(
        "AWS::Glue::Database",
        "glue",
        _create_database,
        _update_database,
        lambda glue, name, properties: glue.delete_database(Name=name),
        name=("DatabaseInput", "Name"),
        replaced_by=("CatalogId",),
    ),
    Kind(
        "AWS::Glue::Table",
        "glue",
        _create_table,
        _update_table,
        lambda glue, name, properties: glue.delete_table(DatabaseName=properties["DatabaseName"], Name=name),
        name=("TableInput", "Name"),
        replaced_by=("CatalogId", "DatabaseName", "OpenTableFormatInput"),
    ),
    Kind(
        "AWS::Glue::Partition",
        "glue",
        _create_partition,
        _update_partition,
        _delete_partition,
        replaced_by=("CatalogId", "DatabaseName", "TableName"),
    ),
    Kind(
        "AWS::Glue::Connection",
        "glue",
        _create_connection,
        _update_connection,
        lambda glue, name, properties: glue.delete_connection(ConnectionName=name),
        name=("ConnectionInput", "Name"),
        replaced_by=("CatalogId",),
    ),
    Kind(
        "AWS::Glue::Job",
        "glue",
        _create_job,
        _update_job,
        lambda glue, name, properties: glue.delete_job(JobName=name),
        name=("Name",),
    ),
    Kind(
        "AWS::Glue::Crawler",
        "glue",
        _create_crawler,
        _update_crawler,
        lambda glue, name, properties: glue.delete_crawler(Name=name),
        name=("Name",),
    ),
    Kind(
        "AWS::Glue::Workflow",
        "glue",
        _create_workflow,
        _update_workflow,
        lambda glue, name, properties: glue.delete_workflow(Name=name),
        name=("Name",),
    ),
    Kind(
        "AWS::Glue::Trigger",
        "glue",
        _create_trigger,
        _update_trigger,
        lambda glue, name, properties: glue.delete_trigger(Name=name),
        name=("Name",),
        replaced_by=("Type", "WorkflowName"),
    ),
)
