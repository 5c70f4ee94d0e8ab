"""Content in memory and in files is received, sliced, joined, and deleted when nothing refers to it."""

import copy
import gc
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import pytest

from glue_local.core.content import Content, ContentFolder, joined, of_bytes

LARGE = bytes(range(256)) * 1024


def _received(folder: Path, data: bytes) -> Content:
    return ContentFolder(folder).receive(iter([data[at : at + 10_000] for at in range(0, len(data), 10_000)]))


@pytest.mark.parametrize(("data", "files"), [(b"", 0), (b"small", 0), (LARGE, 1)])
def test_large_content_is_kept_in_a_file(tmp_path: Path, data: bytes, files: int) -> None:
    content = _received(tmp_path, data)
    assert (len(content), bytes(content), content.md5()) == (len(data), data, md5(data).hexdigest())
    assert len(list(tmp_path.iterdir())) == files
    del content
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_content_is_sliced_and_joined_without_copying(tmp_path: Path) -> None:
    content = _received(tmp_path, LARGE)
    both = joined([content[5:], of_bytes(b"tail"), content[-3:]])
    expected = LARGE[5:] + b"tail" + LARGE[-3:]
    assert bytes(both) == expected
    middle = both[len(LARGE) - 10 : len(LARGE) + 1]
    assert bytes(middle) == expected[len(LARGE) - 10 : len(LARGE) + 1]
    assert copy.deepcopy(content) is content
    assert len(list(tmp_path.iterdir())) == 1


def test_content_can_be_read_after_its_last_reference_is_gone(tmp_path: Path) -> None:
    content = _received(tmp_path, LARGE)
    reading = iter(content)
    first = next(reading)
    del content
    gc.collect()
    assert first + b"".join(reading) == LARGE


def test_incomplete_content_leaves_no_file(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield LARGE
        raise ConnectionError

    folder = ContentFolder(tmp_path)
    with pytest.raises(ConnectionError):
        folder.receive(broken())
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_files_of_a_killed_server_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "left").write_bytes(b"x")
    ContentFolder(tmp_path)
    assert list(tmp_path.iterdir()) == []
