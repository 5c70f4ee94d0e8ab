"""Unpacking, checking and refusing the engine, with small archives made by the tests."""

import io
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from glue_local.prerequisites import Unmet, trino
from glue_local.prerequisites.central import Archive

SHARED, OWN, LEFT_OUT = (
    "org.example_shared-1.jar",
    "io.trino_trino-hive-476.jar",
    "com.google.cloud_google-cloud-storage-2.jar",
)


def archives(folder: Path) -> list[Path]:
    """Write a server and two connectors with a shared jar and an unneeded one."""
    server = folder / "trino-server-core-476.tar.gz"
    with tarfile.open(server, "w:gz") as content:
        for name in ("lib/server.jar", "plugin/geospatial/geo.jar", "bin/launcher"):
            member = tarfile.TarInfo(f"trino-server-core-476/{name}")
            member.size = 3
            content.addfile(member, io.BytesIO(b"jar"))
    made = [server]
    for connector in ("hive", "iceberg"):
        made.append(folder / f"trino-{connector}-476.zip")
        with zipfile.ZipFile(made[-1], "w") as zipped:
            for name in (SHARED, OWN, LEFT_OUT):
                zipped.writestr(f"trino-{connector}-476/{name}", name)
    return made


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(wanted: Sequence[Archive], folder: Path, java: str, say: object) -> list[Path]:
        return archives(folder)

    def java(target: Path) -> None:
        target.mkdir(parents=True)

    monkeypatch.setattr(trino, "fetch", fetch)
    monkeypatch.setattr(trino, "_install_java", java)


@pytest.mark.usefixtures("fetched")
def test_only_needed_files_are_kept_and_shared_jars_are_stored_once(tmp_path: Path) -> None:
    said: list[str] = []
    kept = trino.install(tmp_path, said.append)
    names = sorted(str(path.relative_to(kept)) for path in kept.rglob("*.jar"))
    connectors = [f"plugin/{connector}/{name}" for connector in ("hive", "iceberg") for name in (OWN, SHARED)]
    assert names == ["lib/server.jar", *connectors]
    shared = [kept / "plugin" / connector / SHARED for connector in ("hive", "iceberg")]
    assert shared[0].samefile(shared[1])
    assert any("fetching Trino 476, 798 MB" in line for line in said)
    assert list(tmp_path.iterdir()) == [kept]


@pytest.mark.usefixtures("fetched")
def test_a_damaged_engine_is_named_and_installed_again(tmp_path: Path) -> None:
    with pytest.raises(Unmet, match="not installed: run `glue-local doctor --fix --athena`"):
        trino.check(tmp_path)
    kept = trino.install(tmp_path, lambda line: None)
    (kept / "lib" / "server.jar").write_bytes(b"")
    with pytest.raises(Unmet, match=r"damaged \(lib/server.jar in .*\): run `glue-local doctor --fix --athena`"):
        trino.check(tmp_path)
    assert trino.install(tmp_path, lambda line: None) == trino.check(tmp_path)
