"""The inputs of targets: parts of the event, constants, and input transformers."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import World
from .events import APP, put


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"Input": '{"day": 1}'}, {"day": 1}),
        ({"InputPath": "$.detail"}, {"site": "N1", "rows": 3, "tags": ["a", "b"]}),
        ({"InputPath": "$.detail.tags[1]"}, "b"),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {
                        "site": "$.detail.site",
                        "rows": "$.detail.rows",
                        "all": "$.detail",
                        "type": "$.detail-type",
                        "none": "$.detail.none",
                    },
                    "InputTemplate": '{"site": <site>, "rows": <rows>, "text": "<type> of <site>: <all>", "all": <all>,'
                    ' "none": <none>, "rule": "<aws.events.rule-name>", "kept": "a < b"}',
                }
            },
            {
                "site": "N1",
                "rows": 3,
                "text": 'Loaded of N1: {"site": "N1", "rows": 3, "tags": ["a", "b"]}',
                "all": {"site": "N1", "rows": 3, "tags": ["a", "b"]},
                "none": "",
                "rule": "r",
                "kept": "a < b",
            },
        ),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"s": "$.detail.site"},
                    "InputTemplate": '"<s> is \\"loaded\\": <s>"',
                }
            },
            'N1 is "loaded": N1',
        ),
    ],
)
def test_the_input_of_a_target(world: World, given: dict[str, Any], expected: Any) -> None:
    world.rule("r", {"Arn": world.queue(), **given}, pattern=APP)
    put(world)
    assert world.messages() == [expected]


def test_a_transformer_may_pass_the_whole_event(world: World) -> None:
    template = {"InputTemplate": '{"event": <aws.events.event.json>}'}
    world.rule("r", {"Arn": world.queue(), "InputTransformer": template}, pattern=APP)
    event = put(world)
    (message,) = world.messages()
    assert (message["event"]["id"], message["event"]["detail"]["rows"]) == (event, 3)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({"Input": "{}", "InputPath": "$"}, "Only one of Input, InputPath, or InputTransformer"),
        ({"Input": "{no"}, "JSON syntax error in input for target 1"),
        ({"InputPath": "$..detail"}, "Invalid InputPath for target 1"),
    ],
)
def test_an_invalid_input_is_refused(world: World, target: dict[str, Any], message: str) -> None:
    events = world.aws("events")
    events.put_rule(Name="r", EventPattern=json.dumps(APP))
    with pytest.raises(ClientError, match=message) as refusal:
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": world.queue(), **target}])
    assert refusal.value.response["Error"]["Code"] == "ValidationException"
