import gzip
from pathlib import Path

import pytest

from glue_local.feed.miv.file_errors import FileError
from glue_local.feed.miv.files import content, write


def test_a_document_is_written_atomically_with_the_same_bytes_each_time(tmp_path: Path) -> None:
    first, second = tmp_path / "new" / "a.xml.gz", tmp_path / "new" / "b.xml.gz"
    write(first, b"<miv/>")
    write(second, b"<miv/>")
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()) == b"<miv/>"
    assert sorted(path.name for path in first.parent.iterdir()) == ["a.xml.gz", "b.xml.gz"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.xml", b"old")

    def fail(*paths: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write(tmp_path / "a.xml", b"new")
    assert (tmp_path / "a.xml").read_bytes() == b"old"


def test_gzip_is_detected_by_content_and_may_have_several_members(tmp_path: Path, errors: list[FileError]) -> None:
    big = b"x" * 100_000
    (tmp_path / "a.xml").write_bytes(gzip.compress(b"one ") + gzip.compress(big) + gzip.compress(b" two"))
    assert content(tmp_path / "a.xml", errors.append) == b"one " + big + b" two"
    assert errors == []


def test_corrupt_gzip_is_reported_with_the_line_reached(tmp_path: Path, errors: list[FileError]) -> None:
    packed = bytearray(gzip.compress(b"line\n" * 10))
    packed[-6] ^= 0xFF
    (tmp_path / "a.gz").write_bytes(packed)
    content(tmp_path / "a.gz", errors.append)
    assert str(errors[0]).startswith(f"{tmp_path / 'a.gz'}:")
    assert "the gzip data is corrupt" in str(errors[0])
