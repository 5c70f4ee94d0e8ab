"""EventBridge rules of the default bus, and their targets."""

from glue_local.promote.kinds.kind import Account, Failed, Found, Kind, Request, Tagging, found, members
from glue_local.promote.kinds.tags import as_list, as_map, tags_as_list

_ABSENT = "ResourceNotFoundException"


def _arn(account: Account, request: Request) -> str:
    return account.arn("events", f"rule/{request['Name']}")


def _rule(account: Account, request: Request) -> Found | None:
    there = found(lambda: account.clients("events").describe_rule(Name=request["Name"]), _ABSENT)
    if there is None:
        return None
    attributes = members(there, RULES.shape, "Name", "Tags", "EventBusName")
    return Found({name: value for name, value in attributes.items() if value not in ("", None)})


def _tags(account: Account, request: Request) -> dict[str, str]:
    return as_map(account.clients("events").list_tags_for_resource(ResourceARN=_arn(account, request))["Tags"])


def _tag(account: Account, request: Request, tags: dict[str, str]) -> None:
    account.clients("events").tag_resource(ResourceARN=_arn(account, request), Tags=as_list(tags))


def _create_rule(account: Account, request: Request) -> None:
    account.clients("events").put_rule(**request)


def _update_rule(account: Account, request: Request, there: Found) -> None:
    # PutRule replaces a whole rule, except its tags and targets.
    account.clients("events").put_rule(**{name: value for name, value in request.items() if name != "Tags"})


def _delete_rule(account: Account, request: Request) -> None:
    account.clients("events").delete_rule(Name=request["Name"])


def _targets_of(account: Account, request: Request) -> list[str]:
    # EventBridge does not delete a rule with targets; ours are deleted first.
    return [f"rule_targets/{request['Name']}"] if _listed(account, request["Name"]) else []


def _listed(account: Account, rule: str) -> list[Request]:
    pages = account.clients("events").get_paginator("list_targets_by_rule").paginate(Rule=rule)
    there = found(lambda: [target for page in pages for target in page["Targets"]], _ABSENT)
    return there or []


def _targets(account: Account, request: Request) -> Found | None:
    there = _listed(account, request["Rule"])
    return Found({"Targets": there}) if there else None


def _put_targets(account: Account, request: Request, there: Found | None = None) -> None:
    _accepted(account.clients("events").put_targets(**request), f"the targets of rule {request['Rule']}")
    wanted = [target["Id"] for target in request["Targets"]]
    gone = [target["Id"] for target in (there.attributes["Targets"] if there else []) if target["Id"] not in wanted]
    if gone:
        _remove(account, request["Rule"], gone)


def _delete_targets(account: Account, request: Request) -> None:
    _remove(account, request["Rule"], [target["Id"] for target in request["Targets"]])


def _remove(account: Account, rule: str, ids: list[str]) -> None:
    _accepted(account.clients("events").remove_targets(Rule=rule, Ids=ids), f"the removal of targets of rule {rule}")


def _accepted(response: Request, what: str) -> None:
    failed = response.get("FailedEntries", [])
    if failed:
        reasons = "; ".join(
            f"{each.get('TargetId')}: {each.get('ErrorCode')}: {each.get('ErrorMessage')}" for each in failed
        )
        raise Failed(f"EventBridge refused {what}: {reasons}")


def _enabled(rule: Request) -> Request:
    return {"State": "ENABLED", **rule}


def _by_id(request: Request) -> Request:
    return {**request, "Targets": sorted(request["Targets"], key=lambda target: str(target.get("Id")))}


RULES = Kind(
    service="events",
    operation="PutRule",
    name=("Name",),
    read=_rule,
    create=_create_rule,
    update=_update_rule,
    delete=_delete_rule,
    contents=_targets_of,
    tagging=Tagging(tags_as_list, _tags, _tag),
    # Without EventBusName: a bus cannot be defined, so every rule is on the default one.
    promoted=("Name", "ScheduleExpression", "EventPattern", "State", "Description", "RoleArn", "Tags"),
    identity=("Name",),
    texts=("EventPattern",),
    canonical=_enabled,
)

TARGETS = Kind(
    service="events",
    operation="PutTargets",
    name=("Rule",),
    read=_targets,
    create=_put_targets,
    update=_put_targets,
    delete=_delete_targets,
    owner=("rules", "Rule"),
    promoted=("Rule", "Targets"),
    identity=("Rule",),
    canonical=_by_id,
)
