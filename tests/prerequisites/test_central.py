"""Archives that Ivy fetches. A small program replaces the command, so that no network is needed."""

import hashlib
import sys
from pathlib import Path

import pytest

from glue_local.prerequisites import Unmet
from glue_local.prerequisites.central import Archive, fetch

CONTENT = b"archive"
GOOD = Archive("io.example", "thing", "1", "zip", 1, hashlib.sha256(CONTENT).hexdigest())


def java(tmp_path: Path, body: str) -> str:
    """Write a program named java that puts files at the destination of -retrieve."""
    program = tmp_path / "java"
    program.write_text(f"#!{sys.executable}\nimport pathlib, sys\nargv = sys.argv\n{body}\n")
    program.chmod(0o755)
    return str(program)


PUT = "pathlib.Path(argv[argv.index('-retrieve') + 1]).parent.joinpath('thing-1.zip').write_bytes(b'archive')"


def test_an_archive_is_fetched_by_its_coordinates(tmp_path: Path) -> None:
    assert fetch([GOOD], tmp_path, java(tmp_path, PUT), print) == [tmp_path / "thing-1.zip"]
    asked = (tmp_path / "ivy.xml").read_text()
    assert '<dependency org="io.example" name="thing" rev="1"><artifact name="thing" type="zip" ext="zip"/>' in asked


def test_an_archive_with_another_checksum_is_refused(tmp_path: Path) -> None:
    other = Archive("io.example", "thing", "1", "zip", 1, "0" * 64)
    with pytest.raises(Unmet, match="thing-1.zip has an unexpected checksum"):
        fetch([other], tmp_path, java(tmp_path, PUT), print)


def test_the_reason_of_a_failed_download_is_reported_in_one_line(tmp_path: Path) -> None:
    failing = java(tmp_path, "print('Host repo.example not found'); sys.exit(1)")
    with pytest.raises(Unmet, match=r"could not be downloaded \(Host repo.example not found\): check the network"):
        fetch([GOOD], tmp_path, failing, print)


def test_the_systems_authorities_are_tried_if_java_does_not_trust_the_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("glue_local.prerequisites.trust.authorities", lambda: [b"certificate"])
    distrusting = (
        f"if 'trustStore' in argv[1]:\n    {PUT}\nelse:\n    print('PKIX path building failed')\n    sys.exit(1)"
    )
    said: list[str] = []
    assert fetch([GOOD], tmp_path, java(tmp_path, distrusting), said.append) == [tmp_path / "thing-1.zip"]
    assert any("does not trust" in line for line in said)
