"""Spark's slim S3 connector: the jars that read and write ``s3://``, resolved once into a folder of their own."""

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from glue_local.prerequisites import Unmet, trust
from glue_local.prerequisites.java import Java

VERSION = "spark-3.5.4-hadoop-3.3.4-1"
PACKAGES = (
    "org.apache.hadoop:hadoop-aws:3.3.4",
    "com.amazonaws:aws-java-sdk-s3:1.12.262",
    "com.amazonaws:aws-java-sdk-sts:1.12.262",
    "com.amazonaws:aws-java-sdk-dynamodb:1.12.262",
    "org.apache.spark:spark-hadoop-cloud_2.12:3.5.4",
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
)
FIX = "run `glue-local doctor --fix`"
_MANIFEST = "manifest.json"

Say = Callable[[str], None]


def folder(cache: Path) -> Path:
    """Return where the jars are kept under ``cache``; the versions are in the name, so an upgrade is a new folder."""
    return cache / f"s3-connector-{VERSION}"


def check(cache: Path) -> Path:
    """Return the folder of the jars; raises Unmet when it is absent or not what was once put there."""
    jars = folder(cache)
    manifest = jars / _MANIFEST
    if not manifest.exists():
        raise Unmet(f"Spark's S3 connector is not installed: {FIX}")
    for name, checksum in json.loads(manifest.read_text()).items():
        jar = jars / name
        if not jar.exists() or _checksum(jar) != checksum:
            raise Unmet(f"Spark's S3 connector is damaged ({name} in {jars}): {FIX}")
    return jars


def install(cache: Path, java: Java, say: Say) -> Path:
    """Fetch the jars with Spark's own resolver unless they are there; ``say`` is told each step. Returns the folder."""
    try:
        return check(cache)
    except Unmet:
        cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".s3-connector-") as scratch:
        _resolve(Path(scratch), java, say)
        draft = Path(scratch) / "jars"
        jars = sorted(draft.glob("*.jar"))
        (draft / _MANIFEST).write_text(json.dumps({jar.name: _checksum(jar) for jar in jars}, indent=1))
        say(f"{len(jars)} jars, {sum(jar.stat().st_size for jar in jars) / 1e6:.0f} MB")
        # Two installers may race: the folder appears whole, and whoever comes second finds it there.
        shutil.rmtree(folder(cache), ignore_errors=True)
        draft.replace(folder(cache))
    return check(cache)


def _resolve(ivy: Path, java: Java, say: Say) -> None:
    fetched, lines = _fetch(ivy, java, (), say)
    if not fetched and any("PKIX path building failed" in line for line in lines) and (known := trust.authorities()):
        say("this Java does not trust the network's certificates; again, with those that the system trusts")
        store = trust.write(known, ivy / "authorities.jks")
        fetched, lines = _fetch(ivy, java, (f"-Djavax.net.ssl.trustStore={store}",), say)
    if not fetched:
        raise Unmet(f"Spark's S3 connector could not be fetched ({_reason(lines)}): mend the network and try again")


def _fetch(ivy: Path, java: Java, options: Sequence[str], say: Say) -> tuple[bool, list[str]]:
    """Let Spark's resolver put the jars under ``ivy``; return whether they are there, and every line it said."""
    command = [
        *(java.command, *options, "-cp", f"{_spark_jars()}/*", "org.apache.spark.deploy.SparkSubmit"),
        *("--master", "local[1]", "--packages", ",".join(PACKAGES), "--exclude-packages", ",".join(EXCLUDED)),
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
    return not process.returncode and any((ivy / "jars").glob("*hadoop-aws*.jar")), lines


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
