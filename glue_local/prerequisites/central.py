"""Fetch files other than jars from Maven Central with PySpark's Ivy, which has its address."""

import hashlib
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from glue_local.prerequisites import Unmet, trust
from glue_local.prerequisites.connector import BETWEEN_REPORTS, reason, spark_jars

Say = Callable[[str], None]

# POMs are not read, because the thousand dependencies in Trino's are not resolved here.
_SETTINGS = """<ivysettings>
  <settings defaultResolver="central"/>
  <resolvers><ibiblio name="central" m2compatible="true" usepoms="false"/></resolvers>
</ivysettings>
"""


@dataclass(frozen=True)
class Archive:
    """One file of Maven Central: its coordinates, its size in megabytes for progress messages, its checksum."""

    group: str
    name: str
    version: str
    extension: str
    megabytes: int
    sha256: str

    @property
    def file(self) -> str:
        """Its file name."""
        return f"{self.name}-{self.version}.{self.extension}"


def fetch(archives: Sequence[Archive], folder: Path, java: str, say: Say) -> list[Path]:
    """Fetch archives into ``folder`` with the ``java`` command; reports progress to ``say``. Raises Unmet.

    A file whose checksum is not the expected one is refused.
    """
    (folder / "settings.xml").write_text(_SETTINGS)
    (folder / "ivy.xml").write_text(_module(archives))
    fetched, lines = _run(archives, folder, java, (), say)
    if not fetched and any("PKIX path building failed" in line for line in lines) and (known := trust.authorities()):
        say("this Java does not trust the network's certificates; retrying with those that the system trusts")
        store = trust.write(known, folder / "authorities.jks")
        fetched, lines = _run(archives, folder, java, (f"-Djavax.net.ssl.trustStore={store}",), say)
    if not fetched:
        raise Unmet(f"Trino could not be downloaded ({reason(lines)}): check the network and try again")
    return [_verified(folder / archive.file, archive) for archive in archives]


def _module(archives: Sequence[Archive]) -> str:
    dependencies = "".join(
        f"<dependency org={quoteattr(each.group)} name={quoteattr(each.name)} rev={quoteattr(each.version)}>"
        f"<artifact name={quoteattr(each.name)} type={quoteattr(each.extension)} ext={quoteattr(each.extension)}/>"
        "</dependency>"
        for each in archives
    )
    return (
        '<ivy-module version="2.0"><info organisation="glue-local" module="engine"/>'
        f'<configurations><conf name="default"/></configurations><dependencies>{dependencies}</dependencies></ivy-module>'
    )


def _run(
    archives: Sequence[Archive], folder: Path, java: str, options: Sequence[str], say: Say
) -> tuple[bool, list[str]]:
    ivy = next(iter(spark_jars().glob("ivy-*.jar")), None)
    if ivy is None:
        raise Unmet("PySpark has no Ivy among its jars: install the PySpark version that glue-local requires")
    command = [
        *(java, *options, "-jar", str(ivy), "-settings", str(folder / "settings.xml"), "-ivy", str(folder / "ivy.xml")),
        *("-cache", str(folder / "ivy"), "-retrieve", f"{folder}/[artifact]-[revision].[ext]", "-warn"),
    ]
    log = folder / "ivy.log"
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process:
        told = time.monotonic()
        while process.poll() is None:
            time.sleep(0.2)
            if time.monotonic() - told > BETWEEN_REPORTS:
                told = time.monotonic()
                say(_progress(archives, folder / "ivy"))
    lines = log.read_text(errors="replace").splitlines()
    return not process.returncode and all((folder / each.file).exists() for each in archives), lines


def _progress(archives: Sequence[Archive], cache: Path) -> str:
    files = [path for path in cache.rglob("*") if path.suffix in (".part", ".gz", ".zip")]
    total = sum(each.megabytes for each in archives)
    return f"{sum(path.stat().st_size for path in files if path.exists()) / 1e6:.0f} of {total} MB"


def _verified(file: Path, archive: Archive) -> Path:
    with file.open("rb") as content:
        digest = hashlib.sha256()
        while piece := content.read(1 << 20):
            digest.update(piece)
    if digest.hexdigest() != archive.sha256:
        raise Unmet(f"{archive.file} has an unexpected checksum: try again")
    return file
