"""Tables of states: the legal moves, and the errors for illegal ones."""

import pytest

from glue_local.core.faults import Conflict
from glue_local.work import States

STATES = States(first=("NEW",), moves={"NEW": ("BUSY",), "BUSY": ("DONE", "BROKEN"), "DONE": (), "BROKEN": ()})


def test_a_state_without_moves_is_final() -> None:
    assert [state for state in STATES.moves if STATES.is_final(state)] == ["DONE", "BROKEN"]


def test_a_legal_move_raises_no_error() -> None:
    STATES.check("query 1", "BUSY", "DONE")
    STATES.check_first("query 1", "NEW")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("NEW", "DONE", "query 1 is NEW and cannot become DONE, only BUSY"),
        ("BUSY", "NEW", "query 1 is BUSY and cannot become NEW, only DONE or BROKEN"),
        ("DONE", "BUSY", "query 1 is DONE and cannot become BUSY, its state is final"),
    ],
)
def test_the_error_for_an_illegal_move_lists_the_legal_ones(before: str, after: str, message: str) -> None:
    with pytest.raises(Conflict, match=f"^{message}$"):
        STATES.check("query 1", before, after)


def test_work_that_was_never_enqueued_cannot_move() -> None:
    with pytest.raises(Conflict, match="query 1 cannot become BUSY: it was never enqueued"):
        STATES.check("query 1", None, "BUSY")


def test_work_is_enqueued_in_a_first_state() -> None:
    with pytest.raises(Conflict, match="query 1 cannot be enqueued as BUSY, only as NEW"):
        STATES.check_first("query 1", "BUSY")
