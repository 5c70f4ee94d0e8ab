"""The input members that a state machine passes to its tasks, in both query languages."""

import json
from typing import Any

import pytest

from glue_local.verify.machine_inputs import given_to_tasks
from tests.verify.conftest import FILE

WANTED = frozenset({"database", "state_path"})


def job(**members: Any) -> dict[str, Any]:
    """Return a task that starts a job."""
    return {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "End": True, **members}


def arguments(**given: str) -> dict[str, Any]:
    return {"Parameters": {"JobName": "j", "Arguments": {f"--{name}.$": path for name, path in given.items()}}}


def machine(**states: Any) -> dict[str, Any]:
    """Return a machine that starts at its first state."""
    return {"StartAt": next(iter(states)), "States": states}


def given(definition: dict[str, Any]) -> set[str]:
    return set(given_to_tasks(definition, WANTED))


READ = {"d": "$.database"}
BOTH = {"database": "$.database", "state_path": "$.state_path"}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"A": job(**arguments(**BOTH))}, WANTED),
        ({"A": job(**arguments(d="$['database']", s='$["state_path"]'))}, WANTED),
        ({"A": job(**arguments(d="$$.Execution.Input.database"))}, {"database"}),
        ({"A": job(**arguments(d="$$.Execution.Name"))}, set()),
        ({"A": job(**arguments(d="States.Format('{}/{}', $.database, $.state_path)"))}, WANTED),
        ({"A": job(**arguments(d="States.Format('$.state_path of {}', $.database)"))}, {"database"}),
        # Text that only looks like a path.
        ({"A": job(Parameters={"JobName": "j", "Arguments": {"--database": "$.database"}})}, set()),
        ({"A": job(Comment="$.database, $.state_path", Parameters={"JobName": "j"})}, set()),
        ({"A": job(Parameters={"JobName": "$.database"}, Retry=[{"ErrorEquals": ["$.database"]}])}, set()),
        # A task's result replaces the input unless ResultPath adds it.
        ({"A": job(Next="B", **arguments()), "B": job(**arguments(**BOTH))}, set()),
        ({"A": job(Next="B", ResultPath=None, **arguments()), "B": job(**arguments(**BOTH))}, WANTED),
        ({"A": job(Next="B", ResultPath="$.run", **arguments()), "B": job(**arguments(**BOTH))}, WANTED),
        ({"A": job(Next="B", ResultPath="$.database", **arguments()), "B": job(**arguments(**BOTH))}, {"state_path"}),
        # An unreachable state passes nothing.
        ({"A": {"Type": "Succeed"}, "B": job(**arguments(**BOTH))}, set()),
        # Renamed or selected.
        (
            {
                "A": {"Type": "Pass", "Parameters": {"at": {"db.$": "$.database"}}, "Next": "B"},
                "B": job(**arguments(d="$.at.db", s="$.state_path")),
            },
            {"database"},
        ),
        ({"A": {"Type": "Pass", "InputPath": "$.inner", "Next": "B"}, "B": job(**arguments(d="$.database"))}, set()),
        ({"A": {"Type": "Pass", "OutputPath": "$.database", "Next": "B"}, "B": job(**arguments(d="$.x"))}, {"database"}),
        ({"A": {"Type": "Pass", "Result": {"database": "d"}, "Next": "B"}, "B": job(**arguments(**BOTH))}, set()),
        (
            {
                "A": {"Type": "Pass", "Result": {}, "ResultPath": "$.defaults", "Next": "B"},
                "B": {"Type": "Pass", "Parameters": {"m.$": "States.JsonMerge($.defaults, $, false)"}, "OutputPath": "$.m", "Next": "C"},
                "C": job(**arguments(**BOTH)),
            },
            WANTED,
        ),
        # The whole input.
        ({"A": job(Resource="arn:aws:states:::states:startExecution.sync", Parameters={"StateMachineArn": "m", "Input.$": "$"})}, WANTED),
        ({"A": job(Resource="arn:aws:lambda:eu-west-1:1:function:f")}, WANTED),
        # A Choice only reads and passes its input on.
        (
            {
                "A": {"Type": "Choice", "Choices": [{"Variable": "$.state_path", "IsPresent": True, "Next": "B"}], "Default": "C"},
                "B": job(**arguments(**READ)),
                "C": {"Type": "Fail"},
            },
            {"database"},
        ),
        ({"A": {"Type": "Wait", "SecondsPath": "$.state_path", "Next": "B"}, "B": job(**arguments(**READ))}, {"database"}),
        ({"A": job(Catch=[{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "B"}], **arguments()), "B": job(**arguments(**BOTH))}, WANTED),
        ({"A": job(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B"}], **arguments()), "B": job(**arguments(**BOTH))}, set()),
        # Branches and items.
        ({"A": {"Type": "Parallel", "End": True, "Branches": [machine(B=job(**arguments(**READ))), machine(C=job(**arguments(s="$.state_path")))]}}, WANTED),
        ({"A": {"Type": "Parallel", "End": True, "Parameters": {"db.$": "$.database"}, "Branches": [machine(B=job(**arguments(**BOTH)))]}}, set()),
        ({"A": {"Type": "Map", "End": True, "ItemsPath": "$.hours", "ItemProcessor": machine(B=job(**arguments(**BOTH)))}}, set()),
        (
            {
                "A": {
                    "Type": "Map",
                    "End": True,
                    "ItemsPath": "$.state_path",
                    "ItemSelector": {"d.$": "$.database", "hour.$": "$$.Map.Item.Value"},
                    "ItemProcessor": machine(B=job(**arguments(d="$.d", h="$.hour"))),
                }
            },
            WANTED,
        ),
        # Variables, available in all later states.
        (
            {
                "A": {"Type": "Pass", "Assign": {"db.$": "$.database"}, "Result": {}, "Next": "B"},
                "B": job(**arguments(d="$db", s="$.state_path")),
            },
            set(),
        ),
        (
            {
                "A": {"Type": "Pass", "Assign": {"db.$": "$.database"}, "Next": "B"},
                "B": job(Next="C", **arguments()),
                "C": job(**arguments(d="$db", s="$.state_path")),
            },
            {"database"},
        ),
        # Loops terminate.
        ({"A": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "B": job(Next="A", ResultPath="$.r", **arguments(**BOTH))}, WANTED),
        ({"A": {"Type": "Pass", "Parameters": {"in.$": "$"}, "Next": "A"}}, set()),
    ],
)  # fmt: skip
def test_jsonpath(states: dict[str, Any], expected: set[str]) -> None:
    assert given(machine(**states)) == expected


def ask(**given: str) -> dict[str, Any]:
    return {"Arguments": {"JobName": "j", "Arguments": {f"--{name}": value for name, value in given.items()}}}


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ({"A": job(**ask(d="{% $states.input.database %}", s="{% $states.input.state_path %}"))}, WANTED),
        ({"A": job(**ask(d="{% $states.context.Execution.Input.database %}"))}, {"database"}),
        ({"A": job(**ask(d="{% $states.input.`database` & '/' & $states.input[\"state_path\"] %}"))}, WANTED),
        ({"A": job(**ask(d="{% $uppercase($states.input.database) %}"))}, {"database"}),
        ({"A": job(**ask(d="{% '$states.input.database' %}"))}, set()),
        ({"A": job(**ask(d="{% /* $states.input.database */ 'x' %}"))}, set()),
        ({"A": job(**ask(d="$states.input.database"))}, set()),
        ({"A": job(**ask(d="{% $states.result.database %}"))}, set()),
        ({"A": job(**arguments(**BOTH), Arguments={"JobName": "j"})}, set()),
        # The result is the output; the input is lost unless Output repeats it.
        ({"A": job(Next="B", **ask()), "B": job(**ask(d="{% $states.input.database %}"))}, set()),
        ({"A": job(Next="B", Output="{% $states.input %}", **ask()), "B": job(**ask(d="{% $states.input.database %}"))}, {"database"}),
        ({"A": job(Next="B", Output={"db": "{% $states.input.database %}"}, **ask()), "B": job(**ask(d="{% $states.input.db %}", s="{% $states.input.state_path %}"))}, {"database"}),
        ({"A": {"Type": "Pass", "Output": "{% $merge([{'x': 1}, $states.input]) %}", "Next": "B"}, "B": job(**ask(d="{% $states.input.database %}"))}, {"database"}),
        # The usual pattern: variables assigned at the start.
        (
            {
                "A": {"Type": "Pass", "Assign": {"in": "{% $states.input %}", "db": "{% $states.input.database %}"}, "Next": "B"},
                "B": job(Next="C", **ask(s="{% $in.state_path %}")),
                "C": job(**ask(d="{% $db %}")),
            },
            WANTED,
        ),
        ({"A": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.state_path = '' %}", "Next": "B"}]}, "B": job(**ask(d="{% $states.input.database %}"))}, {"database"}),
        (
            {
                "A": {
                    "Type": "Map",
                    "End": True,
                    "Items": "{% $states.input.state_path %}",
                    "ItemSelector": {"i": "{% $states.context.Map.Item.Value %}"},
                    "ItemProcessor": machine(B=job(**ask(d="{% $states.input.i %}", x="{% $states.input.database %}"))),
                }
            },
            {"state_path"},
        ),
    ],
)  # fmt: skip
def test_jsonata(states: dict[str, Any], expected: set[str]) -> None:
    assert given({"QueryLanguage": "JSONata", **machine(**states)}) == expected
    # A state may override the query language.
    one_by_one = {name: {"QueryLanguage": "JSONata", **state} for name, state in states.items()}
    if "Map" not in str(states):
        assert given(machine(**one_by_one)) == expected


def test_the_example_passes_the_whole_verification_input_to_its_tasks() -> None:
    definition = json.loads((FILE.parent / "stepfunctions" / "traffic_glue.asl.json").read_text())
    wanted = frozenset({"database", "config_path", "points_path", "state_path", "report_path", "bookmark"})
    assert given_to_tasks(definition, wanted | {"other"}) == wanted
    del definition["States"]["Repartition"]["Parameters"]["Arguments"]["--state_path.$"]
    definition["Comment"] = "$.state_path"
    assert given_to_tasks(definition, wanted) == wanted - {"state_path"}
