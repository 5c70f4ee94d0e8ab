"""The error for an unusable state file names it, and the file is not changed."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from glue_local.store import Store, Unusable

_LEAVE_A_LOG = """
import os, signal, sys
from glue_local.store import Store
documents = Store.open(sys.argv[1]).scope("1", "r")
for number in range(400):
    documents.write("kind", f"{number:04}", doc={"text": "y" * 500})
os.kill(os.getpid(), signal.SIGKILL)
"""


def written(path: Path) -> bytes:
    with_rows = Store.open(path)
    for number in range(400):
        with_rows.scope("1", "r").write("kind", f"{number:04}", doc={"text": "x" * 500})
    with_rows.close()
    return path.read_bytes()


def garbled(content: bytes) -> bytes:
    return content[:8192] + b"\xa5" * 8192 + content[16384:]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"not a database, but long enough to be one" * 100,
        lambda content: b"\xff" * 100 + content[100:],
        lambda content: content[: len(content) // 2],
        lambda content: content[: len(content) // 2 + 77],
        garbled,
    ],
    ids=["text", "header", "half", "half a page", "pages"],
)
def test_a_damaged_file_is_named_and_not_changed(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "state.sqlite"
    content = damage(written(path))  # type: ignore[operator]
    path.write_bytes(content)
    with pytest.raises(Unusable, match=r"state\.sqlite is damaged \(.*\) and was not changed: .* away") as error:
        Store.open(path)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == content


def test_the_log_of_a_damaged_file_is_not_changed(tmp_path: Path) -> None:
    path, log = tmp_path / "state.sqlite", tmp_path / "state.sqlite-wal"
    written(path)
    subprocess.run([sys.executable, "-c", _LEAVE_A_LOG, str(path)], check=False)
    path.write_bytes(b"\xff" * path.stat().st_size)
    before, logged = path.read_bytes(), log.read_bytes()
    assert logged
    with pytest.raises(Unusable, match="damaged"):
        Store.open(path)
    assert (path.read_bytes(), log.read_bytes()) == (before, logged)


def test_the_file_of_a_killed_process_is_not_damaged(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    subprocess.run([sys.executable, "-c", _LEAVE_A_LOG, str(path)], check=False)
    store = Store.open(path)
    assert store.scope("1", "r").count("kind") == 400
    store.close()


def test_an_empty_file_is_initialized(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").touch()
    with contextlib.closing(Store.open(tmp_path / "state.sqlite")) as store:
        assert store.scope("1", "r").count("kind") == 0


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"cannot read the state file .* \(.*\): .* --data-dir"):
        Store.open(tmp_path)
