"""Files are replaced atomically."""

import stat
from pathlib import Path

import pytest

from glue_local.core.files import replace_file


@pytest.mark.parametrize("content", ["text", b"\x00bytes"])
def test_the_content_is_replaced_and_no_draft_is_left(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "file.json"
    path.write_text("old")
    replace_file(path, content)
    assert path.read_bytes() == (content if isinstance(content, bytes) else content.encode())
    assert list(tmp_path.iterdir()) == [path]


def test_an_open_file_keeps_its_old_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with path.open() as opened:
        replace_file(path, "new")
        assert opened.read() == "old"


def test_permissions_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_file(path, "x", mode=0o604)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
