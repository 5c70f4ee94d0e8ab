"""Waiting for a delivery stream to become active, and failing immediately if it failed."""

from dataclasses import replace
from typing import Any

import pytest

from glue_local.promote.kinds import KINDS, Account, Failed

NAME = {"DeliveryStreamName": "f"}


class Firehose:
    """A fake Firehose that returns one status after another."""

    def __init__(self, *states: dict[str, Any]) -> None:
        self.states = list(states)

    def create_delivery_stream(self, **_request: Any) -> None:
        """Set the statuses to return."""

    def describe_delivery_stream(self, **_request: Any) -> Any:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return {"DeliveryStreamDescription": state}


class Clock:
    """A clock that advances only by sleeping."""

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


def test_the_stream_is_polled_every_two_seconds() -> None:
    assert created(Firehose(CREATING, CREATING, {"DeliveryStreamStatus": "ACTIVE"})).slept == [2.0, 2.0]
    assert created(Firehose({"DeliveryStreamStatus": "ACTIVE"})).slept == []


def test_waiting_times_out() -> None:
    with pytest.raises(TimeoutError, match="delivery stream f did not become active within 300 s"):
        created(Firehose(CREATING))


def test_a_failed_stream_raises_with_the_reason() -> None:
    why = {"Type": "CREATE_ENI_FAILED", "Details": "no subnet"}
    with pytest.raises(Failed) as failed:
        created(Firehose(CREATING, {"DeliveryStreamStatus": "CREATING_FAILED", "FailureDescription": why}))
    message, slept = failed.value.args
    assert message.startswith("delivery stream f is CREATING_FAILED: CREATE_ENI_FAILED: no subnet; delete it and run")
    assert slept == [2.0]
