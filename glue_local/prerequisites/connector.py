"""Jars that PySpark lacks, each set resolved once into a folder of its own: the S3 connector, the table formats."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from glue_local.prerequisites import Unmet, trust
from glue_local.prerequisites.java import Java

VERSION = "spark-3.5.4-hadoop-3.3.4-2"
PACKAGES = (
    "org.apache.hadoop:hadoop-aws:3.3.4",
    "com.amazonaws:aws-java-sdk-s3:1.12.262",
    "com.amazonaws:aws-java-sdk-sts:1.12.262",
    "com.amazonaws:aws-java-sdk-dynamodb:1.12.262",
    "org.apache.spark:spark-hadoop-cloud_2.12:3.5.4",
    # What Glue has on its class path besides, small: its Avro and XML formats, and the JDBC driver of PostgreSQL.
    "org.apache.spark:spark-avro_2.12:3.5.4",
    "com.databricks:spark-xml_2.12:0.18.0",
    "org.postgresql:postgresql:42.7.4",
)
# The whole SDK in one jar (281 MB), the other clouds, and what PySpark already ships.
EXCLUDED = (
    "com.amazonaws:aws-java-sdk-bundle",
    "org.apache.hadoop:hadoop-cloud-storage",
    "org.apache.hadoop:hadoop-azure",
    "org.apache.hadoop:hadoop-azure-datalake",
    "org.apache.hadoop:hadoop-openstack",
    "com.google.cloud.bigdataoss:gcs-connector",
    "org.apache.hadoop:hadoop-client-api",
    "org.apache.hadoop:hadoop-client-runtime",
    "org.apache.hadoop:hadoop-annotations",
    "com.fasterxml.jackson.core:jackson-core",
    "com.fasterxml.jackson.core:jackson-databind",
    "com.fasterxml.jackson.core:jackson-annotations",
    "org.slf4j:slf4j-api",
    "org.xerial.snappy:snappy-java",
    "commons-codec:commons-codec",
    "commons-logging:commons-logging",
    "joda-time:joda-time",
    "org.apache.httpcomponents:httpclient",
    "org.apache.httpcomponents:httpcore",
    "com.google.code.findbugs:jsr305",
    "org.eclipse.jetty:jetty-util",
    "org.eclipse.jetty:jetty-util-ajax",
    "org.scala-lang:scala-library",
    "org.scala-lang.modules:scala-collection-compat_2.12",
    "org.glassfish.jaxb:txw2",
    "commons-io:commons-io",
    "org.checkerframework:checker-qual",
)
_MANIFEST = "manifest.json"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Jars:
    """A set of jars: its name, the folder that keeps it, Maven's coordinates, the jar that has to be there, the fix."""

    name: str
    folder: str
    packages: tuple[str, ...]
    proof: str
    fix: str = "run `glue-local doctor --fix`"
    excluded: tuple[str, ...] = EXCLUDED


S3 = Jars("Spark's S3 connector", f"s3-connector-{VERSION}", PACKAGES, "*hadoop-aws*.jar")


def _format(name: str, version: str, *packages: str) -> Jars:
    fix = f"run `glue-local doctor --fix --datalake-formats {name}`"
    return Jars(name, f"{name}-{version}-spark-3.5", packages, f"*{name}*.jar", fix)


# The versions of Glue 5.0. Iceberg's Glue catalog and its file access are in a bundle of AWS's second SDK.
TABLE_FORMATS: Mapping[str, Jars] = {
    "iceberg": _format(
        "iceberg",
        "1.7.1",
        "org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.7.1",
        "org.apache.iceberg:iceberg-aws-bundle:1.7.1",
    ),
    "delta": _format("delta", "3.3.0", "io.delta:delta-spark_2.12:3.3.0"),
    "hudi": _format("hudi", "0.15.0", "org.apache.hudi:hudi-spark3.5-bundle_2.12:0.15.0"),
}


def folder(cache: Path, jars: Jars = S3) -> Path:
    """Return where a set is kept under ``cache``; the versions are in the name, so an upgrade is a new folder."""
    return cache / jars.folder


def table_formats(cache: Path) -> str:
    """Return what a worker is told of the table formats: name=folder, whether the folder is there or not."""
    return os.pathsep.join(f"{name}={folder(cache, jars)}" for name, jars in TABLE_FORMATS.items())


def check(cache: Path, jars: Jars = S3) -> Path:
    """Return the folder of a set; raises Unmet when it is absent or not what was once put there."""
    kept = folder(cache, jars)
    manifest = kept / _MANIFEST
    if not manifest.exists():
        raise Unmet(f"{jars.name} is not installed: {jars.fix}")
    for name, checksum in json.loads(manifest.read_text()).items():
        jar = kept / name
        if not jar.exists() or _checksum(jar) != checksum:
            raise Unmet(f"{jars.name} is damaged ({name} in {kept}): {jars.fix}")
    return kept


def install(cache: Path, java: Java, say: Say, jars: Jars = S3) -> Path:
    """Fetch a set with Spark's own resolver unless it is there; ``say`` is told each step. Returns the folder."""
    try:
        return check(cache, jars)
    except Unmet:
        cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".jars-") as scratch:
        _resolve(Path(scratch), java, say, jars)
        draft = Path(scratch) / "jars"
        found = sorted(draft.glob("*.jar"))
        (draft / _MANIFEST).write_text(json.dumps({jar.name: _checksum(jar) for jar in found}, indent=1))
        say(f"{len(found)} jars, {sum(jar.stat().st_size for jar in found) / 1e6:.0f} MB")
        # Two installers may race: the folder appears whole, and whoever comes second finds it there.
        shutil.rmtree(folder(cache, jars), ignore_errors=True)
        draft.replace(folder(cache, jars))
    return check(cache, jars)


def _resolve(ivy: Path, java: Java, say: Say, jars: Jars) -> None:
    fetched, lines = _fetch(ivy, java, (), say, jars)
    if not fetched and any("PKIX path building failed" in line for line in lines) and (known := trust.authorities()):
        say("this Java does not trust the network's certificates; again, with those that the system trusts")
        store = trust.write(known, ivy / "authorities.jks")
        fetched, lines = _fetch(ivy, java, (f"-Djavax.net.ssl.trustStore={store}",), say, jars)
    if not fetched:
        raise Unmet(f"{jars.name} could not be fetched ({_reason(lines)}): mend the network and try again")


def _fetch(ivy: Path, java: Java, options: Sequence[str], say: Say, jars: Jars) -> tuple[bool, list[str]]:
    """Let Spark's resolver put the jars under ``ivy``; return whether they are there, and every line it said."""
    command = [
        *(java.command, *options, "-cp", f"{_spark_jars()}/*", "org.apache.spark.deploy.SparkSubmit"),
        *("--master", "local[1]", "--packages", ",".join(jars.packages)),
        *("--exclude-packages", ",".join(jars.excluded)),
        *("--conf", f"spark.jars.ivy={ivy}"),
        # The program to run once everything is there: Spark's own --version.
        *("--class", "org.apache.spark.deploy.SparkSubmit", "spark-internal", "--version"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        lines = []
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if found := re.match(r"\s*downloading \S*/(\S+\.jar)", line):
                say(found[1])
    return not process.returncode and any((ivy / "jars").glob(jars.proof)), lines


def _reason(lines: Sequence[str]) -> str:
    """Return what went wrong: the server's answer before a name that is not known before Java's exception."""
    text = "\n".join(lines)
    for pattern in (r"Server access error at url \S+ \((.+)\)", r"(Host \S+ not found)", r"(.*(?:Exception|Error).*)"):
        if found := re.search(pattern, text):
            return found[1].strip()
    return "no reason was given"


def _spark_jars() -> Path:
    spec = importlib.util.find_spec("pyspark")
    if spec is None or not spec.origin:
        raise Unmet("PySpark is not installed: pip install glue-local brings it")
    return Path(spec.origin).parent / "jars"


def _checksum(jar: Path) -> str:
    return hashlib.sha256(jar.read_bytes()).hexdigest()
