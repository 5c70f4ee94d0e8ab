"""Schedules, their targets and times that several tests of schedules use."""

from typing import Any

from .conftest import World

ROLE = "arn:aws:iam::000000000000:role/r"
BRUSSELS = "Europe/Brussels"


def schedule(world: World, expression: str, arn: str | None = None, target: Any = None, **more: Any) -> None:
    """Create a schedule; by default its target is a queue that gets the scheduled time."""
    given = {
        "Arn": arn or world.queue(),
        "RoleArn": ROLE,
        "Input": '"<aws.scheduler.scheduled-time>"',
        **(target or {}),
    }
    request = {"Name": "s", "FlexibleTimeWindow": {"Mode": "OFF"}, "ScheduleExpression": expression, **more}
    world.aws("scheduler").create_schedule(Target=given, **request)


def times(world: World, name: str = "q") -> list[str]:
    return sorted(world.messages(name))


def universal(action: str) -> str:
    return f"arn:aws:scheduler:::aws-sdk:{action}"


def executions(sfn: Any, machine: str) -> list[Any]:
    found: list[Any] = sfn.list_executions(stateMachineArn=machine)["executions"]
    return found
