"""Glue crawlers, with whether their schedule is on."""

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found, members
from glue_local.promote.kinds.tags import tags_as_map

_ABSENT = "EntityNotFoundException"
# UpdateCrawler keeps members that the request omits; these values remove them.
_EMPTY: Request = {"Description": "", "TablePrefix": "", "Schedule": "", "Classifiers": []}
_DEFAULTS: Request = {
    "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"},
    "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
    "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
    "LakeFormationConfiguration": {"UseLakeFormationCredentials": False, "AccountId": ""},
}


def _arn(account: Account, request: Request) -> str:
    return account.arn("glue", f"crawler/{request['Name']}")


def _read(account: Account, request: Request) -> Found | None:
    there = found(lambda: account.clients("glue").get_crawler(Name=request["Name"])["Crawler"], _ABSENT)
    if there is None or there.get("State") == "DELETING":
        return None
    schedule = there.pop("Schedule", {})
    attributes = members(there, KIND.shape, "Name", "Tags")
    # A schedule that was stopped counts as absent, so that a plan starts it again.
    if schedule.get("State") != "NOT_SCHEDULED" and schedule.get("ScheduleExpression"):
        attributes["Schedule"] = schedule["ScheduleExpression"]
    return Found({name: value for name, value in attributes.items() if value not in ("", None)})


def _tags(account: Account, request: Request) -> dict[str, str]:
    return dict(account.clients("glue").get_tags(ResourceArn=_arn(account, request))["Tags"])


def _tag(account: Account, request: Request, tags: dict[str, str]) -> None:
    account.clients("glue").tag_resource(ResourceArn=_arn(account, request), TagsToAdd=tags)


def _create(account: Account, request: Request) -> None:
    account.clients("glue").create_crawler(**request)


def _update(account: Account, request: Request, there: Found) -> None:
    glue = account.clients("glue")
    definition = {name: value for name, value in request.items() if name != "Tags"}
    reset = {name: value for name, value in {**_EMPTY, **_DEFAULTS}.items() if name in there.attributes}
    glue.update_crawler(**{**reset, **definition})
    if "Schedule" in request and "Schedule" not in there.attributes:
        found(lambda: glue.start_crawler_schedule(CrawlerName=request["Name"]), "SchedulerRunningException")


def _delete(account: Account, request: Request) -> None:
    account.clients("glue").delete_crawler(Name=request["Name"])


KIND = Kind(
    service="glue",
    operation="CreateCrawler",
    name=("Name",),
    read=_read,
    create=_create,
    update=_update,
    delete=_delete,
    tagging=Tagging(tags_as_map, _tags, _tag),
    promoted=(
        *("Name", "Role", "DatabaseName", "Description", "Targets", "Schedule", "Classifiers", "TablePrefix"),
        *("SchemaChangePolicy", "RecrawlPolicy", "LineageConfiguration", "LakeFormationConfiguration"),
        *("Configuration", "CrawlerSecurityConfiguration", "Tags"),
    ),
    identity=("Name",),
    texts=("Configuration",),
    kept=("Configuration", "CrawlerSecurityConfiguration"),
)
