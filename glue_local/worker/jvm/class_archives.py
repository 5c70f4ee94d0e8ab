"""Class archives (Java's class data sharing), which halve the start time of a driver's JVM.

Page: https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
"""

import hashlib
import importlib.util
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_DRAFT = ".draft"
# If an archive does not match, the JVM starts without it; a run's output must not show a warning.
_QUIET = "-Xlog:cds=off -Xlog:cds+dynamic=off"
_LEAST_JAVA = 17


class ClassArchives:
    """The archives in a folder, one per Java and class path; without a folder, none are used."""

    def __init__(self, folder: Path | None, env: Mapping[str, str]) -> None:
        self._folder, self._env = folder, env
        self._missing: dict[Path, tuple[str, ...]] = {}

    def options(self, class_path: Sequence[str]) -> str:
        """Return the JVM options that use the archive of a class path; none if there is no archive yet."""
        file = self._file(class_path)
        if file is None:
            return ""
        if not file.exists():
            self._missing[file] = tuple(class_path)
            return ""
        return f"-XX:SharedArchiveFile={file} -Xshare:auto {_QUIET}"

    def next_missing(self) -> tuple[str, ...] | None:
        """Return a requested class path without an archive; each is returned once."""
        while self._missing:
            file, class_path = self._missing.popitem()
            if not file.exists():
                return class_path
        return None

    def creating_options(self, class_path: Sequence[str]) -> tuple[str, Path]:
        """Return the JVM options that write the archive at exit, and the file."""
        file = self._file(class_path)
        assert file is not None
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(_DRAFT)
        draft.unlink(missing_ok=True)
        return f"-XX:ArchiveClassesAtExit={draft} {_QUIET}", draft

    def put_in_place(self, draft: Path) -> None:
        """Let JVMs use a complete archive; an incomplete one would crash them."""
        if draft.exists():
            os.replace(draft, draft.with_suffix(".jsa"))

    def _file(self, class_path: Sequence[str]) -> Path | None:
        java = _java_version(self._env)
        if self._folder is None or java is None:
            return None
        parts = [java, *_jars(class_path), *_jars([os.path.join(_spark_home(self._env), "jars", "*")])]
        return self._folder / f"{hashlib.sha256(os.pathsep.join(parts).encode()).hexdigest()[:16]}.jsa"


def _java_version(env: Mapping[str, str]) -> str | None:
    """Return the version of the Java at ``JAVA_HOME``; None if it is unknown or cannot write an archive at exit."""
    try:
        text = (Path(env.get("JAVA_HOME") or "", "release")).read_text()
    except OSError:
        return None
    found = re.search(r'^JAVA_VERSION="(\d+)', text, re.MULTILINE)
    return text if found and int(found[1]) >= _LEAST_JAVA else None


def _spark_home(env: Mapping[str, str]) -> str:
    spec = importlib.util.find_spec("pyspark")
    places = list(spec.submodule_search_locations or []) if spec else []
    return env.get("SPARK_HOME") or (places[0] if places else "")


def _jars(class_path: Sequence[str]) -> Iterator[str]:
    """Yield every jar of a class path with its size and time: a changed jar needs another archive."""
    for entry in class_path:
        folder = Path(entry.removesuffix("*"))
        for jar in sorted(folder.glob("*.jar")) if entry.endswith("*") else [Path(entry)]:
            held = jar.stat()
            yield f"{jar}:{held.st_size}:{held.st_mtime_ns}"
