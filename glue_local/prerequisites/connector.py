"""Sets of jars that PySpark lacks, such as the S3 connector and table formats, each resolved once into its folder."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
    # Small jars that are also on Glue's class path: Avro, XML and the PostgreSQL JDBC driver.
    "org.apache.spark:spark-avro_2.12:3.5.4",
    "com.databricks:spark-xml_2.12:0.18.0",
    "org.postgresql:postgresql:42.7.4",
)
# Excluded: the SDK bundle (281 MB), other clouds, and jars that PySpark already has.
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

BETWEEN_REPORTS = 5.0
"""Seconds between two lines about a download under way."""


@dataclass(frozen=True)
class Jars:
    """A set of jars: its name, its folder, Maven coordinates, a jar that it must contain, and the fix if missing."""

    name: str
    folder: str
    packages: tuple[str, ...]
    proof: str
    fix: str = "run `glue-local doctor --fix`"
    excluded: tuple[str, ...] = EXCLUDED
    versions: tuple[str, ...] = ()
    """Exact coordinates of dependencies with a version range, which Spark's resolver cannot resolve."""


S3 = Jars("Spark's S3 connector", f"s3-connector-{VERSION}", PACKAGES, "*hadoop-aws*.jar")


def _format(name: str, version: str, *packages: str) -> Jars:
    fix = f"run `glue-local doctor --fix --datalake-formats {name}`"
    return Jars(name, f"{name}-{version}-spark-3.5", packages, f"*{name}*.jar", fix)


# The versions of Glue 5.0. Iceberg's Glue catalog and S3 access need a bundle of the AWS SDK v2.
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


def _connector(name: str, version: str, *packages: str) -> Jars:
    fix = f"run `glue-local doctor --fix --connectors {name}`"
    return Jars(name, f"{name}-connector-{version}", packages, f"*{name}*.jar", fix, (*EXCLUDED, *_SDK))


_SDK = tuple(f"com.amazonaws:aws-java-sdk-{part}" for part in ("core", "redshift", "redshiftserverless", "sts"))
# Drivers that are on Glue's class path: optional here, and on every run's class path once installed.
CONNECTORS: Mapping[str, Jars] = {
    "redshift": _connector("redshift", "2.1.0.29", "com.amazon.redshift:redshift-jdbc42:2.1.0.29"),
    "mongodb": replace(
        _connector("mongodb", "10.5.0", "org.mongodb.spark:mongo-spark-connector_2.12:10.5.0"),
        proof="*mongo-spark-connector*.jar",
        versions=("org.mongodb:mongodb-driver-sync:5.1.4",),
    ),
}


def folder(cache: Path, jars: Jars = S3) -> Path:
    """Return a set's folder under ``cache``; its name contains the versions, so an upgrade is a new folder."""
    return cache / jars.folder


def table_formats(cache: Path) -> str:
    """Return the worker's setting for table formats: name=folder entries, also for folders that do not exist."""
    return os.pathsep.join(f"{name}={folder(cache, jars)}" for name, jars in TABLE_FORMATS.items())


def class_path(cache: Path) -> str:
    """Return the folders of jars on every run's class path: the S3 connector and installed connectors."""
    installed = [kept for jars in CONNECTORS.values() if ((kept := folder(cache, jars)) / _MANIFEST).exists()]
    return os.pathsep.join(map(str, [check(cache), *installed]))


def check(cache: Path, jars: Jars = S3) -> Path:
    """Return the folder of a set; raises Unmet if it is missing or damaged."""
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
    """Fetch a set with Spark's resolver if it is missing; reports each step to ``say``. Returns the folder."""
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
        # Two installers may race: the folder appears complete, and the second one finds it.
        shutil.rmtree(folder(cache, jars), ignore_errors=True)
        draft.replace(folder(cache, jars))
    return check(cache, jars)


def _resolve(ivy: Path, java: Java, say: Say, jars: Jars) -> None:
    fetched, lines = _fetch(ivy, java, (), say, jars)
    if fetched and jars.versions:
        rest = replace(jars, packages=jars.versions, versions=(), proof="*.jar")
        fetched, lines = _fetch(ivy, java, (), say, rest)
    if not fetched and any("PKIX path building failed" in line for line in lines) and (known := trust.authorities()):
        say("this Java does not trust the network's certificates; retrying with those that the system trusts")
        store = trust.write(known, ivy / "authorities.jks")
        fetched, lines = _fetch(ivy, java, (f"-Djavax.net.ssl.trustStore={store}",), say, jars)
    if not fetched:
        raise Unmet(f"{jars.name} could not be downloaded ({reason(lines)}): check the network and try again")


def _fetch(ivy: Path, java: Java, options: Sequence[str], say: Say, jars: Jars) -> tuple[bool, list[str]]:
    """Resolve the jars into ``ivy`` with Spark; return whether that succeeded, and all lines of output."""
    command = [
        *(java.command, *options, "-cp", f"{spark_jars()}/*", "org.apache.spark.deploy.SparkSubmit"),
        *("--master", "local[1]", "--packages", ",".join(jars.packages)),
        *("--exclude-packages", ",".join([*jars.excluded, *(one.rpartition(":")[0] for one in jars.versions)])),
        *("--conf", f"spark.jars.ivy={ivy}"),
        # A program to run after the resolution: Spark's --version.
        *("--class", "org.apache.spark.deploy.SparkSubmit", "spark-internal", "--version"),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        lines, fetched, reported = [], 0, time.monotonic()
        for line in process.stdout or ():
            lines.append(line.rstrip())
            fetched += bool(re.match(r"\s*downloading \S*\.jar", line))
            if fetched and time.monotonic() - reported > BETWEEN_REPORTS:
                reported = time.monotonic()
                say(f"{fetched} jar{'s' if fetched > 1 else ''} so far")
    return not process.returncode and any((ivy / "jars").glob(jars.proof)), lines


def reason(lines: Sequence[str]) -> str:
    """Return the reason: first a server's response, else an unknown host, else Java's exception."""
    text = "\n".join(lines)
    for pattern in (r"Server access error at url \S+ \((.+)\)", r"(Host \S+ not found)", r"(.*(?:Exception|Error).*)"):
        if found := re.search(pattern, text):
            return found[1].strip()
    return "unknown reason"


def spark_jars() -> Path:
    """Return the folder of PySpark's own jars."""
    spec = importlib.util.find_spec("pyspark")
    if spec is None or not spec.origin:
        raise Unmet("PySpark is not installed: run pip install glue-local")
    return Path(spec.origin).parent / "jars"


def _checksum(jar: Path) -> str:
    return hashlib.sha256(jar.read_bytes()).hexdigest()
