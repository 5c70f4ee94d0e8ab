"""The codes and locations of a definition's errors."""

import json
from typing import Any

import pytest

from glue_local.backend.state_machine_definition import diagnostics

END = {"Type": "Pass", "End": True}


def _found(states: Any, start: Any = "A", **more: Any) -> list[tuple[str, str]]:
    return [
        (each.code, each.location) for each in diagnostics(json.dumps({"StartAt": start, "States": states, **more}))
    ]


@pytest.mark.parametrize(
    "states",
    [
        {"A": END},
        {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}},
        {
            "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": True, "Next": "B"}], "Default": "C"},
            "B": {
                "Type": "Task",
                "Resource": "r",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "D"}],
                "End": True,
            },
            "C": {"Type": "Wait", "Seconds": 1, "Next": "D"},
            "D": {"Type": "Fail"},
        },
        {"A": {"Type": "Parallel", "Branches": [{"StartAt": "X", "States": {"X": END}}], "End": True}},
        {"A": {"Type": "Map", "ItemProcessor": {"StartAt": "X", "States": {"X": END}}, "End": True}},
    ],
)
def test_a_valid_definition_has_no_diagnostics(states: Any) -> None:
    assert _found(states) == []


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ({}, [("SCHEMA_VALIDATION_FAILED", "/States")]),
        ({"B": END}, [("MISSING_TRANSITION_TARGET", "/StartAt")]),
        ({"A": {"Type": "Pass", "Next": "B"}}, [("MISSING_TRANSITION_TARGET", "/States/A/Next")]),
        ({"A": END, "B": END}, [("MISSING_TRANSITION_TARGET", "/States/B")]),
        ({"A": {"Type": "Task", "End": True}}, [("SCHEMA_VALIDATION_FAILED", "/States/A")]),
        ({"A": {"Type": "Pass"}}, [("SCHEMA_VALIDATION_FAILED", "/States/A")]),
        ({"A": {"Type": "Wait", "End": True}}, [("SCHEMA_VALIDATION_FAILED", "/States/A")]),
        ({"A": {"Type": "Lambda", "End": True}}, [("SCHEMA_VALIDATION_FAILED", "/States/A/Type")]),
        ({"A": {"Type": "Map", "End": True}}, [("SCHEMA_VALIDATION_FAILED", "/States/A")]),
        ({"A": []}, [("SCHEMA_VALIDATION_FAILED", "/States/A")]),
        (
            {"A": {"Type": "Choice", "Choices": [{"Next": "B"}]}},
            [("MISSING_TRANSITION_TARGET", "/States/A/Choices[0]/Next")],
        ),
        (
            {"A": {"Type": "Parallel", "Branches": [{"StartAt": "Y", "States": {"X": END}}], "End": True}},
            [("MISSING_TRANSITION_TARGET", "/States/A/Branches[0]/StartAt")],
        ),
        (
            {"A": {"Type": "Parallel", "Branches": [{"StartAt": "A", "States": {"A": END}}], "End": True}},
            [("DUPLICATE_STATE_NAME", "")],
        ),
    ],
)
def test_each_error_has_its_code_and_location(states: Any, found: list[tuple[str, str]]) -> None:
    assert _found(states) == found


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "1", "null"])
def test_a_document_that_is_not_a_definition_is_reported(text: str) -> None:
    [found] = diagnostics(text)
    assert found.code in ("INVALID_JSON_DESCRIPTION", "SCHEMA_VALIDATION_FAILED")
