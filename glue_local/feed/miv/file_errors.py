"""What is wrong in a file of the feed, said with file and line, and who wants to hear of it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Damage:
    """One thing wrong in one file; ``line`` counts from 1, in the unpacked text."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


Report = Callable[[Damage], None]
