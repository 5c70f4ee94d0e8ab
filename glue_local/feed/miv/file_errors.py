"""Errors in files of the feed, with file and line."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class FileError:
    """One error in one file; ``line`` counts from 1 in the decompressed text."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


Report = Callable[[FileError], None]
