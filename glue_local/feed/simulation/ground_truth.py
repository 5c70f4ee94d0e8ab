"""The ground truth about published events, written as JSON lines beside the feed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO


@dataclass
class Truth:
    """The ground truth about one published event.

    ``tijd_waarneming`` is in epoch seconds; ``defects`` are names from data_defects.NAMES; ``counts`` and ``speeds``
    are the vehicles that really passed per class 1 to 5 (harmonic km/h, 0 without vehicles), whatever the loop
    reported; ``jam`` tells whether the site was jammed; ``superseded`` means that deduplication must prefer another
    event with the same (unieke_id, tijd_waarneming).
    """

    unieke_id: str
    tijd_waarneming: int
    tijd_laatst_gewijzigd: str
    ident_8: str
    kmp_rsys: str
    rijstrook: str
    defects: list[str]
    jam: bool = False
    superseded: bool = False
    published: str = ""
    counts: list[int] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)


class TruthWriter:
    """Writes ``events.jsonl`` (one Truth per line, in order of publication) and ``jams.jsonl`` to a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.events: TextIO = (folder / "events.jsonl").open("w")

    def write(self, truths: Iterable[Truth]) -> None:
        """Append the ground truth of a minute's events."""
        self.events.writelines(json.dumps(vars(truth)) + "\n" for truth in truths)

    def close(self, jams: Iterable[dict[str, Any]]) -> None:
        """Write the simulated jams, one row per jam and site, and close the files."""
        self.events.close()
        (self.folder / "jams.jsonl").write_text("".join(json.dumps(row) + "\n" for row in jams))
