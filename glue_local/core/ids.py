"""Identifiers in AWS's formats, and other randomness."""

import random
import uuid


class Ids:
    """A source of identifiers; with a seed it is reproducible.

    The formats are those of real responses: ``jr_`` and ``j_`` with 64 hexadecimal digits for runs and jobs.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)

    def _hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def run_id(self) -> str:
        """Return the id of a job run."""
        return f"jr_{self._hex(64)}"

    def job_id(self) -> str:
        """Return the internal job id that scripts see as ``--JOB_ID``."""
        return f"j_{self._hex(64)}"

    def uuid(self) -> str:
        """Return a random UUID, the format of request ids."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def token(self) -> str:
        """Return a secret of 160 bits."""
        return self._hex(40)

    def workflow_run_id(self) -> str:
        """Return the id of a workflow run."""
        return f"wr_{self._hex(64)}"

    def chain_id(self) -> str:
        """Return the id of a chain outside workflows, which AWS's clients do not see."""
        return f"chain_{self._hex(32)}"

    def fraction(self) -> float:
        """Return a random number from 0 to 1."""
        return self._random.random()
