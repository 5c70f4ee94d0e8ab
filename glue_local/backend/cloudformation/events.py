"""AWS::Events::Rule, AWS::Scheduler::Schedule and ScheduleGroup.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_Events.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/AWS_Scheduler.html
"""

from typing import Any

from glue_local.backend.cloudformation.kind import Kind, Made, Properties, fitted, tags_as_map, without

_GROUP = "default"


def _create_rule(events: Any, name: str, properties: Properties) -> Made:
    request = {**without(properties, "Targets", "Tags"), "Tags": _listed(properties)}
    arn = events.put_rule(**fitted(events, "PutRule", request))["RuleArn"]
    try:
        _put_targets(events, name, properties)
    except Exception:
        events.delete_rule(Name=name, **_bus(properties))
        raise
    return Made(name, {"Arn": arn})


def _update_rule(events: Any, name: str, old: Properties, new: Properties) -> None:
    arn = events.put_rule(**fitted(events, "PutRule", without(new, "Targets", "Tags")))["RuleArn"]
    wanted = [target["Id"] for target in new.get("Targets") or []]
    _remove_targets(events, name, old, [each["Id"] for each in old.get("Targets") or [] if each["Id"] not in wanted])
    _put_targets(events, name, new)
    before, after = tags_as_map(old.get("Tags")), tags_as_map(new.get("Tags"))
    if gone := [tag for tag in before if tag not in after]:
        events.untag_resource(ResourceARN=arn, TagKeys=gone)
    if after:
        events.tag_resource(ResourceARN=arn, Tags=_listed(new))


def _delete_rule(events: Any, name: str, properties: Properties) -> None:
    _remove_targets(events, name, properties, [target["Id"] for target in properties.get("Targets") or []])
    events.delete_rule(Name=name, **_bus(properties))


def _put_targets(events: Any, rule: str, properties: Properties) -> None:
    if properties.get("Targets"):
        request = fitted(events, "PutTargets", {"Rule": rule, "Targets": properties["Targets"], **_bus(properties)})
        _accepted(events.put_targets(**request))


def _remove_targets(events: Any, rule: str, properties: Properties, ids: list[str]) -> None:
    if ids:
        _accepted(events.remove_targets(Rule=rule, Ids=ids, **_bus(properties)))


def _accepted(response: Properties) -> None:
    for failed in response.get("FailedEntries", []):
        raise ValueError(f"target {failed.get('TargetId')}: {failed.get('ErrorCode')}: {failed.get('ErrorMessage')}")


def _bus(properties: Properties) -> dict[str, str]:
    return {"EventBusName": properties["EventBusName"]} if "EventBusName" in properties else {}


def _listed(properties: Properties) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags_as_map(properties.get("Tags")).items()]


def _create_schedule(scheduler: Any, name: str, properties: Properties) -> Made:
    arn = scheduler.create_schedule(**fitted(scheduler, "CreateSchedule", properties))["ScheduleArn"]
    return Made(name, {"Arn": arn})


def _update_schedule(scheduler: Any, name: str, old: Properties, new: Properties) -> None:
    scheduler.update_schedule(**fitted(scheduler, "UpdateSchedule", new))


def _delete_schedule(scheduler: Any, name: str, properties: Properties) -> None:
    scheduler.delete_schedule(Name=name, GroupName=properties.get("GroupName", _GROUP))


def _create_group(scheduler: Any, name: str, properties: Properties) -> Made:
    arn = scheduler.create_schedule_group(Name=name, Tags=_listed(properties))["ScheduleGroupArn"]
    return Made(name, {"Arn": arn})


def _update_group(scheduler: Any, name: str, old: Properties, new: Properties) -> None:
    arn = scheduler.get_schedule_group(Name=name)["Arn"]
    before, after = tags_as_map(old.get("Tags")), tags_as_map(new.get("Tags"))
    if gone := [tag for tag in before if tag not in after]:
        scheduler.untag_resource(ResourceArn=arn, TagKeys=gone)
    if after:
        scheduler.tag_resource(ResourceArn=arn, Tags=_listed(new))


KINDS = (
    Kind(
        "AWS::Events::Rule",
        "events",
        _create_rule,
        _update_rule,
        _delete_rule,
        name=("Name",),
        replaced_by=("EventBusName",),
        attributes=("Arn",),
        longest_name=64,
    ),
    Kind(
        "AWS::Scheduler::Schedule",
        "scheduler",
        _create_schedule,
        _update_schedule,
        _delete_schedule,
        name=("Name",),
        replaced_by=("GroupName",),
        attributes=("Arn",),
        longest_name=64,
    ),
    Kind(
        "AWS::Scheduler::ScheduleGroup",
        "scheduler",
        _create_group,
        _update_group,
        lambda scheduler, name, properties: scheduler.delete_schedule_group(Name=name),
        name=("Name",),
        attributes=("Arn",),
        longest_name=64,
    ),
)
