"""Wherever the server dies, a scheduled rule and a schedule invoke their target, and an event reaches the bus.

A target may be invoked again if the server dies between the target's answer and the transaction that records it, as on AWS
(at least once); a state machine's execution then has the same name.
"""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from glue_local.core.ids import Ids
from glue_local.eventbridge.loop import advance
from glue_local.eventbridge.rules import RuleHooks
from glue_local.eventbridge.schedules import ScheduleHooks
from glue_local.outbox import emit
from glue_local.store import Store

NOON = 1_772_452_800.0  # 2026-03-02 12:00 UTC
MACHINE = "arn:aws:states:r:1:stateMachine:m"


class Killed(BaseException):
    """Simulates a killed process."""


class Endpoint:
    """Records the executions that are started and the events that are put."""

    def __init__(self) -> None:
        self.executions: list[str] = []
        self.events: list[str] = []

    def __call__(self, service: str, account: str, region: str) -> "Endpoint":
        return self

    def start_execution(self, stateMachineArn: str, name: str, input: str) -> None:
        self.executions.append(name)

    def put_events(self, Entries: list[Any]) -> dict[str, Any]:
        self.events += [json.loads(entry["Detail"])["n"] for entry in Entries]
        return {"FailedEntryCount": 0, "Entries": []}


class KillableStore:
    """A store whose statements fail from the n-th on, as if the process was killed."""

    def __init__(self) -> None:
        self.store, self.now, self.ids = Store.open(":memory:"), NOON, Ids(seed=1)
        self.documents = self.store.scope("1", "r")
        self._execute = self.store.execute
        self.endpoint = Endpoint()

    def die_at(self, statement: int) -> None:
        left = iter(range(statement))

        def execute(sql: str, parameters: Any = ()) -> Any:
            if next(left, None) is None:
                raise Killed
            return self._execute(sql, parameters)

        self.store.execute = execute  # type: ignore[method-assign]

    def restart(self) -> None:
        self.store.execute = self._execute  # type: ignore[method-assign]

    def advance(self) -> None:
        advance(self, self.endpoint, lambda account, region: True)


def with_a_rule() -> KillableStore:
    made = KillableStore()
    rule = {
        "Name": "r",
        "Arn": "arn:aws:events:r:1:rule/r",
        "State": "ENABLED",
        "Targets": [{"Id": "1", "Arn": MACHINE}],
    }
    RuleHooks(made).rule_changed("1", "r", "r", {**rule, "ScheduleExpression": "cron(0 13 * * ? *)"})
    return made


def with_a_schedule() -> KillableStore:
    made = KillableStore()
    schedule = {"Name": "s", "GroupName": "default", "Arn": "arn:s", "State": "ENABLED", "Target": {"Arn": MACHINE}}
    definition = {**schedule, "ScheduleExpression": "at(2026-03-02T13:00:00)"}
    ScheduleHooks(made, made.endpoint).changed("1", "r", "default", "s", definition)
    return made


@pytest.mark.parametrize("prepare", [with_a_rule, with_a_schedule])
def test_a_target_is_invoked_wherever_the_server_dies(prepare: Callable[[], KillableStore]) -> None:
    repeated = []
    for statement in range(1000):
        made = prepare()
        made.now = NOON + 3600
        made.die_at(statement)
        try:
            made.advance()
        except Killed:
            made.restart()
            made.advance()
            made.advance()
            (times,) = Counter(made.endpoint.executions).values()
            repeated.append(times)
        else:
            break
        finally:
            made.restart()
            made.store.close()
    assert len(repeated) > 10
    # Only in the statements between the target's answer and the end of the transaction that records it.
    assert set(repeated) <= {1, 2}
    assert repeated.count(2) <= 2


def test_events_reach_the_bus_in_their_order_wherever_the_server_dies() -> None:
    for statement in range(1000):
        made = KillableStore()
        for n in range(12):
            emit(made.documents, made.ids, made.now, "d", {"n": n})
        made.die_at(statement)
        try:
            made.advance()
        except Killed:
            made.restart()
            made.advance()
            assert list(dict.fromkeys(made.endpoint.events)) == list(range(12))
        else:
            break
        finally:
            made.restart()
            made.store.close()
    assert statement > 10
    assert made.endpoint.events == list(range(12))
