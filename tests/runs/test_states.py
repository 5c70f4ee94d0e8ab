"""The table of a JobRun's states: AWS's names, and each move."""

import itertools
from typing import Any, get_args

import pytest
from mypy_boto3_glue.literals import JobRunStateType

from glue_local.core.faults import Conflict
from glue_local.runs.states import ACTIVE, STATES

# AWS also has this state; glue-local never uses it.
NOT_USED = {"EXPIRED"}
MOVES = list(itertools.product(STATES.moves, STATES.moves))
LEGAL = [(before, after) for before, allowed in STATES.moves.items() for after in allowed]


def test_the_states_are_those_of_aws() -> None:
    assert set(STATES.moves) == set(get_args(JobRunStateType)) - NOT_USED


def test_the_final_states() -> None:
    assert {state for state in STATES.moves if STATES.is_final(state)} == {
        "SUCCEEDED",
        "FAILED",
        "STOPPED",
        "TIMEOUT",
        "ERROR",
    }


def test_all_but_waiting_and_ended_runs_are_active() -> None:
    assert [state for state in STATES.moves if not STATES.is_final(state) and state not in ACTIVE] == ["WAITING"]


def test_every_state_can_be_reached_and_every_run_can_end() -> None:
    reached: set[str] = set(STATES.first)
    while more := {after for before, after in LEGAL if before in reached} - reached:
        reached |= more
    assert reached == set(STATES.moves)
    for state in STATES.moves:
        assert STATES.is_final(state) or any(before == state for before, _ in LEGAL), f"{state} has no next state"


@pytest.mark.parametrize(("before", "after"), MOVES)
def test_the_table_decides_which_moves_are_legal(before: str, after: str) -> None:
    def check() -> Any:
        return STATES.check("job run jr_1", before, after)

    if (before, after) in LEGAL:
        check()
    else:
        with pytest.raises(Conflict, match=f"job run jr_1 is {before} and cannot become {after}, "):
            check()
