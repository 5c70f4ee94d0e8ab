"""A state machine as a table: the states of a kind of work and the legal moves."""

from collections.abc import Mapping
from dataclasses import dataclass

from glue_local.core.faults import Conflict


@dataclass(frozen=True)
class States:
    """``moves`` lists the legal next states of each state; a state without any is final."""

    first: tuple[str, ...]
    """The states in which work may be enqueued."""
    moves: Mapping[str, tuple[str, ...]]

    def is_final(self, state: str) -> bool:
        """Return whether a state is final."""
        return not self.moves[state]

    def check_first(self, what: str, state: str) -> None:
        """Raise Conflict if ``what`` cannot be enqueued in a state."""
        if state not in self.first:
            raise Conflict(f"{what} cannot be enqueued as {state}, only as {' or '.join(self.first)}")

    def check(self, what: str, before: str | None, after: str) -> None:
        """Raise Conflict if a move of ``what`` is illegal."""
        if before is None:
            raise Conflict(f"{what} cannot become {after}: it was never enqueued")
        allowed = self.moves[before]
        if after not in allowed:
            reason = f"only {' or '.join(allowed)}" if allowed else "its state is final"
            raise Conflict(f"{what} is {before} and cannot become {after}, {reason}")
