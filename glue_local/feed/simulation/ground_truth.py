"""The truth about a published event, which the event itself may hide; written as JSON lines beside the feed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO


@dataclass
class Truth:
    """What is known about one published event.

    ``tijd_waarneming`` epoch seconds; ``vices`` any of vices.NAMES; ``counts`` and ``speeds`` what truly passed, per
    class 1 to 5 (harmonic km/h, 0 without vehicles), whatever the loop reported; ``jam`` whether the site was put in
    a jam; ``superseded`` by another event of the same (unieke_id, tijd_waarneming) that dedupe has to prefer.
    """

    unieke_id: str
    tijd_waarneming: int
    tijd_laatst_gewijzigd: str
    ident_8: str
    kmp_rsys: str
    rijstrook: str
    vices: list[str]
    jam: bool = False
    superseded: bool = False
    published: str = ""
    counts: list[int] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)


class TruthWriter:
    """Writes ``events.jsonl`` (one Truth a line, in order of publication) and ``jams.jsonl`` into a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.events: TextIO = (folder / "events.jsonl").open("w")

    def write(self, truths: Iterable[Truth]) -> None:
        """Append the truth about a minute's events."""
        self.events.writelines(json.dumps(vars(truth)) + "\n" for truth in truths)

    def close(self, jams: Iterable[dict[str, Any]]) -> None:
        """Write the injected jams, one row per jam and site, and end the files."""
        self.events.close()
        (self.folder / "jams.jsonl").write_text("".join(json.dumps(row) + "\n" for row in jams))
