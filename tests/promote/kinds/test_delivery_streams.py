"""A delivery stream that is not active at once: it is waited for at AWS's pace, and not at all once it has failed."""

from dataclasses import replace
from typing import Any

import pytest

from glue_local.promote.kinds import KINDS, Account, Failed

NAME = {"DeliveryStreamName": "f"}


class Firehose:
    """Describes a delivery stream as it becomes, one state at a time."""

    def __init__(self, *states: dict[str, Any]) -> None:
        self.states = list(states)

    def create_delivery_stream(self, **_request: Any) -> None:
        """Begin."""

    def describe_delivery_stream(self, **_request: Any) -> Any:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return {"DeliveryStreamDescription": state}


class Clock:
    """Time that only sleeping moves."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)


def created(firehose: Firehose) -> Clock:
    clock = Clock()
    account = Account(lambda service: firehose, "eu-west-1", "123456789012")
    try:
        KINDS["delivery_streams"].create(replace(account, clock=lambda: clock.now, sleep=clock.sleep), NAME)
    except Failed as failed:
        failed.args = (*failed.args, clock.slept)
        raise
    return clock


CREATING = {"DeliveryStreamStatus": "CREATING"}


def test_it_is_asked_for_every_two_seconds() -> None:
    assert created(Firehose(CREATING, CREATING, {"DeliveryStreamStatus": "ACTIVE"})).slept == [2.0, 2.0]
    assert created(Firehose({"DeliveryStreamStatus": "ACTIVE"})).slept == []


def test_one_that_never_becomes_active_is_given_up() -> None:
    with pytest.raises(TimeoutError, match="delivery stream f did not become active within 300 s"):
        created(Firehose(CREATING))


def test_one_that_failed_says_why_at_once() -> None:
    why = {"Type": "CREATE_ENI_FAILED", "Details": "no subnet"}
    with pytest.raises(Failed) as failed:
        created(Firehose(CREATING, {"DeliveryStreamStatus": "CREATING_FAILED", "FailureDescription": why}))
    message, slept = failed.value.args
    assert message.startswith("delivery stream f is CREATING_FAILED: CREATE_ENI_FAILED: no subnet; delete it there")
    assert slept == [2.0]
