"""Which class archive a JVM uses, and when one must be written."""

import os
from pathlib import Path

import pytest

from glue_local.worker.jvm.class_archives import ClassArchives


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    for folder in ("java", "spark/jars", "connector"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "java" / "release").write_text('IMPLEMENTOR="x"\nJAVA_VERSION="17.0.15"\n')
    (tmp_path / "connector" / "s3.jar").write_bytes(b"1")
    return {"JAVA_HOME": str(tmp_path / "java"), "SPARK_HOME": str(tmp_path / "spark")}


def class_path(tmp_path: Path) -> list[str]:
    return [str(tmp_path / "connector" / "*")]


def test_an_archive_is_used_once_it_is_complete(tmp_path: Path, env: dict[str, str]) -> None:
    archives = ClassArchives(tmp_path / "archives", env)
    assert archives.options(class_path(tmp_path)) == ""
    missing = archives.next_missing()
    assert missing == tuple(class_path(tmp_path))
    assert archives.next_missing() is None
    options, draft = archives.creating_options(missing)
    assert f"-XX:ArchiveClassesAtExit={draft}" in options
    draft.write_bytes(b"classes")
    assert archives.options(class_path(tmp_path)) == "", "an incomplete archive would crash a JVM"
    archives.put_in_place(draft)
    assert f"-XX:SharedArchiveFile={draft.with_suffix('.jsa')} -Xshare:auto" in archives.options(class_path(tmp_path))


@pytest.mark.parametrize("change", ["connector/s3.jar", "spark/jars/new.jar", "java/release"])
def test_another_jar_or_java_needs_another_archive(tmp_path: Path, env: dict[str, str], change: str) -> None:
    archives = ClassArchives(tmp_path / "archives", env)
    _, before = archives.creating_options(class_path(tmp_path))
    with (tmp_path / change).open("a") as file:
        file.write("#")
    _, after = archives.creating_options(class_path(tmp_path))
    assert before != after


@pytest.mark.parametrize("release", ['JAVA_VERSION="11.0.20"\n', None])
def test_a_java_that_cannot_write_archives_uses_none(tmp_path: Path, env: dict[str, str], release: str | None) -> None:
    os.remove(tmp_path / "java" / "release")
    if release:
        (tmp_path / "java" / "release").write_text(release)
    archives = ClassArchives(tmp_path / "archives", env)
    assert archives.options(class_path(tmp_path)) == ""
    assert archives.next_missing() is None


def test_without_a_folder_no_archive_is_used(tmp_path: Path, env: dict[str, str]) -> None:
    archives = ClassArchives(None, env)
    assert archives.options(class_path(tmp_path)) == ""
    assert archives.next_missing() is None
