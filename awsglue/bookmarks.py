"""Job bookmarks: which files are new since the last committed run, and the state that a commit saves."""

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
MAX_BAND = 900_000  # ms, Glue's default: a file that becomes visible this late is still found
_LOG = logging.getLogger("awsglue.bookmarks")


class Storage(Protocol):
    """Stores committed bookmark states."""

    def read(self, job: str, start: str | None, end: str | None) -> tuple[State, State, State | None]:
        """Return (current, from, to): the state now and after the two runs; ``from`` is the current one by default."""

    def write(self, job: str, state: State) -> None:
        """Save ``state`` for the job atomically."""


@dataclass(frozen=True)
class RunStorage:
    """Stores the bookmark of the job run that this process executes."""

    url: str
    token: str

    def read(self, job: str, start: str | None, end: str | None) -> tuple[State, State, State | None]:
        query = urllib.parse.urlencode({k: v for k, v in (("from", start), ("to", end)) if v})
        answer = self._call("GET", f"{self.url}/bookmark" + (f"?{query}" if query else ""))
        current = _state(answer["JobBookmarkEntry"])
        if not start and not end:
            return current, current, None
        if end and not answer["To"]:
            raise RuntimeError(f"--job-bookmark-to {end}: no bookmark was saved for this run")
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
    """Keeps bookmarks until the process ends, for scripts that run outside a job run."""

    states: dict[str, State] = field(default_factory=dict)

    def read(self, job: str, start: str | None, end: str | None) -> tuple[State, State, State | None]:
        if start or end:
            raise NotImplementedError("--job-bookmark-from and --job-bookmark-to work only in job runs of the server")
        return self.states.get(job, {}), self.states.get(job, {}), None

    def write(self, job: str, state: State) -> None:
        self.states[job] = state


@cache
def storage() -> Storage:
    """Return the storage of this process: its run's, or memory (logged once)."""
    url = os.environ.get("GLUE_LOCAL_RUN_URL")
    if url:
        return RunStorage(url, os.environ["GLUE_LOCAL_RUN_TOKEN"])
    _LOG.warning("not inside a job run: job bookmarks are kept in memory and are lost when this process ends")
    return MemoryStorage()


@dataclass(frozen=True)
class Bounds:
    """The limits of one run in bytes, files and milliseconds; None means no limit."""

    max_band: int = MAX_BAND
    files_in_band: int | None = None
    files: int | None = None
    size: int | None = None


@dataclass
class Bookmarks:
    """The bookmarks of one job run. Only ``commit`` saves them."""

    job: str
    storage: Storage
    paused: bool = False
    start: str | None = None
    end: str | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(timezone.utc)
    pending: State = field(default_factory=dict)
    states: tuple[State, State, State | None] | None = None

    def select(self, context: str, list_files: Callable[[], Iterable[File]], bounds: Bounds) -> list[File]:
        """Return the files that are new for ``context``, oldest first."""
        _, since, until = self._read()
        # Taken before listing: a file that appears during the listing is newer, so the next run finds it.
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
        """Return the states of ``context`` between which this run reads; None means no limit."""
        _, since, until = self._read()
        # If the run that --job-bookmark-to names had no such source, there is nothing to read: {} comes before all.
        return since.get(context), None if until is None else until.get(context, {})

    def move(self, context: str, state: State) -> None:
        """Set the new state of ``context``; ``commit`` saves it."""
        self.pending[context] = state

    def _read(self) -> tuple[State, State, State | None]:
        if self.states is None:
            self.states = self.storage.read(self.job, self.start, self.end)
        return self.states

    def commit(self) -> None:
        """Save the new states of all contexts; does nothing if bookmarks are paused."""
        if self.paused or not self.pending:
            return
        current = self.states[0] if self.states else {}
        state = {**current, **self.pending}
        self.storage.write(self.job, state)
        self.states, self.pending = (state, state, None), {}


def of_run(job: str, arguments: Mapping[str, Any]) -> Bookmarks | None:
    """Return the bookmarks for a run's arguments (the result of getResolvedOptions); None if they are disabled."""
    option = arguments.get("job_bookmark_option") or arguments.get("job-bookmark-option") or DISABLE
    if option == DISABLE:
        return None
    begin, end = arguments.get("job_bookmark_from"), arguments.get("job_bookmark_to")
    return Bookmarks(job, storage(), option == PAUSE, begin, end)


def bounds(options: Mapping[str, Any]) -> Bounds:
    """Return how much a source may read in one run, from its connection options."""
    band = number(options, "maxBand", MAX_BAND)
    bounded = number(options, "boundedFiles"), number(options, "boundedSize")
    return Bounds(MAX_BAND if band is None else band, number(options, "maxFilesInBand"), *bounded)


def seen(state: Mapping[str, Any] | None) -> Callable[[File], bool]:
    """Return a function that tells whether the runs up to ``state`` have processed a file."""
    if state is None:
        return lambda file: False
    stamps = state["timestamps"]
    band_start = _millis(stamps["CURR_RUN_START_TIME"]) - int(stamps["HIGH_BAND"])
    included = frozenset(stamps["INCLUDE_LIST"].split(","))
    return lambda file: file.modified <= band_start or fingerprint(file) in included


def fingerprint(file: File) -> str:
    """Return the MD5 that identifies a file; a file that is rewritten counts as new, as AWS documents."""
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
    # Files left for the next run must stay inside the band.
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
