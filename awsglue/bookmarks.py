"""Job bookmarks for files: which are new since the last committed run, and the state that a commit makes true."""

import hashlib
import json
import logging
import os
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cache
from typing import Any, Protocol

from .options import number
from .sources.listing import File

State = dict[str, Any]  # {transformation_ctx: {"jsonClass": …, "timestamps": {…}}}
JSON_CLASS = "HadoopDataSourceJobBookmarkState"
DISABLE, PAUSE = "job-bookmark-disable", "job-bookmark-pause"
MAX_BAND = 900_000  # ms, Glue's default: how late a file may become visible and still be found
_LOG = logging.getLogger("awsglue.bookmarks")


class Storage(Protocol):
    """Where committed states are kept."""

    def read(self, job: str, start: str | None, end: str | None) -> tuple[State, State, State | None]:
        """Return (current, from, to): the states now, and after the runs named; ``from`` is current without a name."""

    def write(self, job: str, state: State) -> None:
        """Make ``state`` the job's, at once or not at all."""


@dataclass(frozen=True)
class RunStorage:
    """The bookmark of the job run that this process executes."""

    url: str
    token: str

    def read(self, job: str, start: str | None, end: str | None) -> tuple[State, State, State | None]:
        query = urllib.parse.urlencode({k: v for k, v in (("from", start), ("to", end)) if v})
        answer = self._call("GET", f"{self.url}/bookmark" + (f"?{query}" if query else ""))
        current = _state(answer["JobBookmarkEntry"])
        if not start and not end:
            return current, current, None
        if end and not answer["To"]:
            raise RuntimeError(f"no bookmark is kept for the run {end} that --job-bookmark-to names")
        return current, _state(answer["From"]), _state(answer["To"])

    def write(self, job: str, state: State) -> None:
        self._call("PUT", f"{self.url}/bookmark", {"JobBookmark": json.dumps(state)})

    def _call(self, method: str, url: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=60) as answer:
            return json.loads(answer.read())


def _state(entry: Mapping[str, Any] | None) -> State:
    return json.loads(entry["JobBookmark"]) if entry else {}


@dataclass
class MemoryStorage:
    """Bookmarks that end with the process, for scripts that run outside a job run."""

    states: dict[str, State] = field(default_factory=dict)

    def read(self, job: str, start: str | None, end: str | None) -> tuple[State, State, State | None]:
        if start or end:
            raise NotImplementedError("--job-bookmark-from and -to are emulated only in job runs of the server")
        return self.states.get(job, {}), self.states.get(job, {}), None

    def write(self, job: str, state: State) -> None:
        self.states[job] = state


@cache
def storage() -> Storage:
    """Return this process's storage: its run's, or memory, which it says once."""
    url = os.environ.get("GLUE_LOCAL_RUN_URL")
    if url:
        return RunStorage(url, os.environ["GLUE_LOCAL_RUN_TOKEN"])
    _LOG.warning("not inside a job run: job bookmarks are kept in memory and end with this process")
    return MemoryStorage()


@dataclass(frozen=True)
class Bounds:
    """How much one run takes; None is without bound. Bytes, files, milliseconds."""

    max_band: int = MAX_BAND
    files_in_band: int | None = None
    files: int | None = None
    size: int | None = None


@dataclass
class Bookmarks:
    """The bookmarks of one run of a job: what it reads is remembered by ``commit`` only."""

    job: str
    storage: Storage
    paused: bool = False
    start: str | None = None
    end: str | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc)
    pending: State = field(default_factory=dict)
    states: tuple[State, State, State | None] | None = None

    def select(self, context: str, list_files: Callable[[], Iterable[File]], bounds: Bounds) -> list[File]:
        """Return the files that are new to ``context``, oldest first."""
        _, since, until = self._read()
        # Before listing: a file that appears meanwhile is then younger than the start, hence found by the next run.
        now = int(self.clock().timestamp() * 1000)
        listed = sorted(list_files(), key=lambda file: (file.modified, file.path))
        before = since.get(context)
        processed = seen(before)
        new = [file for file in listed if not processed(file)]
        if until is not None:
            new = list(filter(seen(until.get(context)), new))
        taken = _bounded(new, bounds, now)
        self.pending[context] = _next(before, listed, new, taken, bounds, now)
        return taken

    def position(self, context: str) -> tuple[State | None, State | None]:
        """Return the states of ``context`` behind which, and up to which, this run reads; None is no bound."""
        _, since, until = self._read()
        # A run that named its end and had no such source then has nothing to read: {} is before everything.
        return since.get(context), None if until is None else until.get(context, {})

    def move(self, context: str, state: State) -> None:
        """Remember where ``context`` has got to; ``commit`` makes it true."""
        self.pending[context] = state

    def _read(self) -> tuple[State, State, State | None]:
        if self.states is None:
            self.states = self.storage.read(self.job, self.start, self.end)
        return self.states

    def commit(self) -> None:
        """Make what this run read the job's state; a paused run leaves it alone."""
        if self.paused or not self.pending:
            return
        current = self.states[0] if self.states else {}
        state = {**current, **self.pending}
        self.storage.write(self.job, state)
        self.states, self.pending = (state, state, None), {}


def of_run(job: str, arguments: Mapping[str, Any]) -> Bookmarks | None:
    """Return the bookmarks that a run's arguments (the result of getResolvedOptions) ask for; None for none."""
    option = arguments.get("job_bookmark_option") or arguments.get("job-bookmark-option") or DISABLE
    if option == DISABLE:
        return None
    begin, end = arguments.get("job_bookmark_from"), arguments.get("job_bookmark_to")
    return Bookmarks(job, storage(), option == PAUSE, begin, end)


def bounds(options: Mapping[str, Any]) -> Bounds:
    """Return how much a read may take at once, from its connection options."""
    band = number(options, "maxBand", MAX_BAND)
    bounded = number(options, "boundedFiles"), number(options, "boundedSize")
    return Bounds(MAX_BAND if band is None else band, number(options, "maxFilesInBand"), *bounded)


def seen(state: Mapping[str, Any] | None) -> Callable[[File], bool]:
    """Return the test whether the runs that left ``state`` have processed a file."""
    if state is None:
        return lambda file: False
    stamps = state["timestamps"]
    band_start = _millis(stamps["CURR_RUN_START_TIME"]) - int(stamps["HIGH_BAND"])
    included = frozenset(stamps["INCLUDE_LIST"].split(","))
    return lambda file: file.modified <= band_start or fingerprint(file) in included


def fingerprint(file: File) -> str:
    """Return the MD5 by which a file is remembered: one that is written anew is another one, as AWS documents."""
    text = f"{file.path}|{file.modified}|{file.size}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _bounded(new: list[File], bounds: Bounds, now: int) -> list[File]:
    taken: list[File] = []
    size = banded = 0
    for file in new:
        in_band = file.modified > now - bounds.max_band
        size, banded = size + file.size, banded + in_band
        full = bounds.files is not None and len(taken) >= bounds.files
        large = bounds.size is not None and taken and size > bounds.size
        if full or large or (bounds.files_in_band is not None and banded > bounds.files_in_band):
            break
        taken.append(file)
    return taken


def _next(
    before: Mapping[str, Any] | None, listed: list[File], new: list[File], taken: list[File], bounds: Bounds, now: int
) -> State:
    left = new[len(taken) :]
    # What was left for the next run has to stay younger than the band.
    start = min([now, *(file.modified + bounds.max_band - 1 for file in left[:1])])
    waiting = {file.path for file in left}
    known = [file for file in listed if file.modified > start - bounds.max_band and file.path not in waiting]
    run = int(before["timestamps"]["RUN"]) + 1 if before else 1
    stamps = {
        "RUN": str(run),
        "HIGH_BAND": str(bounds.max_band),
        "CURR_LATEST_PARTITION": "0",
        "CURR_LATEST_PARTITIONS": "",
        "CURR_RUN_START_TIME": _text(start),
        "INCLUDE_LIST": ",".join(fingerprint(file) for file in known),
    }
    return {"jsonClass": JSON_CLASS, "timestamps": stamps}


def _text(millis: int) -> str:
    moment = datetime.fromtimestamp(millis / 1000, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{millis % 1000:03d}Z"


def _millis(text: str) -> int:
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)
    return round(moment.timestamp() * 1000)
