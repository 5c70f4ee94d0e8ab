"""Which files are new for a bookmark: no file is lost or read twice, and a failed run changes nothing."""

from datetime import datetime, timedelta, timezone

from awsglue.bookmarks import Bookmarks, Bounds, MemoryStorage
from awsglue.sources.listing import File

START = datetime(2026, 11, 2, 8, tzinfo=timezone.utc)
MILLIS = int(START.timestamp() * 1000)


def run(
    storage: MemoryStorage, files: list[File], minutes: int, commit: bool = True, bounds: Bounds | None = None
) -> list[str]:
    bookmarks = Bookmarks("job", storage, clock=lambda: START + timedelta(minutes=minutes))
    read = [file.path for file in bookmarks.select("ctx", lambda: files, bounds or Bounds())]
    if commit:
        bookmarks.commit()
    return read


def test_a_file_is_read_once_even_long_after_the_band() -> None:
    storage, files = MemoryStorage(), [File("a", 1, MILLIS - 1)]
    assert [run(storage, files, minutes) for minutes in (0, 1, 60)] == [["a"], [], []]


def test_a_file_that_appears_later_with_the_same_timestamp_is_read() -> None:
    storage, files = MemoryStorage(), [File("a", 1, MILLIS - 1)]
    run(storage, files, 0)
    assert run(storage, [*files, File("b", 1, MILLIS - 1)], 1) == ["b"]


def test_a_run_without_a_commit_does_not_change_the_bookmark() -> None:
    storage, files = MemoryStorage(), [File("a", 1, MILLIS - 1)]
    run(storage, files, 0, commit=False)
    assert run(storage, files, 1) == ["a"]


def test_files_that_a_bounded_run_leaves_are_read_later() -> None:
    storage = MemoryStorage()
    files = [File(name, 1, MILLIS - 10**8 + place) for place, name in enumerate("abcde")]
    reads = [run(storage, files, minutes, bounds=Bounds(files=2)) for minutes in range(4)]
    assert reads == [["a", "b"], ["c", "d"], ["e"], []]


def test_the_state_has_glues_shape() -> None:
    storage = MemoryStorage()
    run(storage, [File("a", 1, MILLIS - 1)], 0)
    state = storage.states["job"]["ctx"]
    assert state["jsonClass"] == "HadoopDataSourceJobBookmarkState"
    assert state["timestamps"]["RUN"] == "1"
    assert state["timestamps"]["CURR_RUN_START_TIME"] == "2026-11-02T08:00:00.000Z"
    assert len(state["timestamps"]["INCLUDE_LIST"]) == 32
