"""The connector's folder: complete or missing."""

import json
import os
from pathlib import Path

import pytest

from glue_local.prerequisites import Unmet, connector, java, trust
from glue_local.settings import machine


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache with two jars, installed by a fake Java that acts like Spark's resolver."""
    return tmp_path / "cache"


@pytest.fixture
def resolver(tmp_path: Path) -> java.Java:
    binary = tmp_path / "home" / "bin" / "java"
    binary.parent.mkdir(parents=True)
    binary.write_text(
        "#!/bin/sh\n"
        'for word in "$@"; do case "$word" in spark.jars.ivy=*) ivy="${word#*=}";; esac; done\n'
        'mkdir -p "$ivy/jars"; echo one > "$ivy/jars/org.apache.hadoop_hadoop-aws-3.3.4.jar"\n'
        'echo two > "$ivy/jars/other.jar"; echo "downloading somewhere/other.jar ..."\n'
        f'echo run >> "{tmp_path}/runs"\n'
    )
    binary.chmod(0o755)
    return java.Java(tmp_path / "home", 17, "test")


def test_the_connector_is_fetched_once(cache: Path, resolver: java.Java, tmp_path: Path) -> None:
    said: list[str] = []
    folder = connector.install(cache, resolver, said.append)
    assert sorted(jar.name for jar in folder.glob("*.jar")) == ["org.apache.hadoop_hadoop-aws-3.3.4.jar", "other.jar"]
    assert said == ["2 jars, 0 MB"], "no line for each jar"
    assert connector.install(cache, resolver, said.append) == folder
    assert (tmp_path / "runs").read_text() == "run\n"
    assert [entry.name for entry in cache.iterdir()] == [folder.name], "no scratch folder is left"


def test_a_long_download_reports_the_number_of_jars(
    cache: Path, resolver: java.Java, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connector, "BETWEEN_REPORTS", 0)
    said: list[str] = []
    connector.install(cache, resolver, said.append)
    assert said == ["1 jar so far", "2 jars, 0 MB"]


def test_installed_connectors_are_on_the_class_path_of_every_run(cache: Path, resolver: java.Java) -> None:
    s3 = connector.install(cache, resolver, lambda line: None)
    assert connector.class_path(cache) == str(s3)
    with pytest.raises(Unmet, match=r"redshift is not installed: run `glue-local doctor --fix --connectors redshift`"):
        connector.check(cache, connector.CONNECTORS["redshift"])
    script = Path(resolver.command)
    script.write_text(script.read_text().replace("other.jar", "org.mongodb.spark_mongo-spark-connector_2.12.jar"))
    mongodb = connector.install(cache, resolver, lambda line: None, connector.CONNECTORS["mongodb"])
    assert connector.class_path(cache) == os.pathsep.join([str(s3), str(mongodb)])


def test_exact_versions_of_a_connectors_dependencies_are_fetched_separately(
    cache: Path, resolver: java.Java, tmp_path: Path
) -> None:
    """Its packages have version ranges, which Spark's resolver cannot resolve."""
    script = Path(resolver.command)
    text = script.read_text().replace("other.jar", "org.mongodb.spark_mongo-spark-connector_2.12.jar")
    script.write_text(text.replace("echo run >>", 'echo "$@" >>'))
    connector.install(cache, resolver, lambda line: None, connector.CONNECTORS["mongodb"])
    first, second = (tmp_path / "runs").read_text().splitlines()
    assert "--packages org.mongodb.spark:mongo-spark-connector" in first
    assert "org.mongodb:mongodb-driver-sync" in first.partition("--exclude-packages")[2]
    assert "--packages org.mongodb:mongodb-driver-sync:" in second
    assert "org.mongodb:mongodb-driver-sync" not in second.partition("--exclude-packages")[2]


def test_a_missing_folder_is_reported(cache: Path) -> None:
    with pytest.raises(Unmet, match=r"not installed: run `glue-local doctor --fix`"):
        connector.check(cache)


def test_a_damaged_jar_is_detected_and_replaced(cache: Path, resolver: java.Java) -> None:
    folder = connector.install(cache, resolver, lambda line: None)
    (folder / "other.jar").write_text("half")
    with pytest.raises(Unmet, match=r"damaged \(other\.jar"):
        connector.check(cache)
    assert (connector.install(cache, resolver, lambda line: None) / "other.jar").read_text() == "two\n"


def test_a_folder_without_manifest_is_not_trusted(cache: Path, resolver: java.Java) -> None:
    (connector.install(cache, resolver, lambda line: None) / "manifest.json").unlink()
    with pytest.raises(Unmet, match="not installed"):
        connector.check(cache)


def test_a_failed_resolution_reports_the_reason_and_leaves_nothing(cache: Path, resolver: java.Java) -> None:
    Path(resolver.command).write_text("#!/bin/sh\necho 'Exception: unresolved dependency'\nexit 1\n")
    with pytest.raises(Unmet, match=r"could not be downloaded \(Exception: unresolved dependency\)"):
        connector.install(cache, resolver, lambda line: None)
    assert list(cache.iterdir()) == []


def test_a_java_that_does_not_trust_the_network_gets_the_systems_authorities(
    cache: Path, resolver: java.Java, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = Path(resolver.command)
    trusting = command.with_name("trusting")
    command.rename(trusting)
    command.write_text(
        "#!/bin/sh\n"
        f'case "$*" in *javax.net.ssl.trustStore=*authorities.jks*) exec {trusting} "$@";; esac\n'
        "echo '  Server access error at url x (javax.net.ssl.SSLHandshakeException: PKIX path building failed: y)'\n"
        "exit 1\n"
    )
    command.chmod(0o755)
    monkeypatch.setattr(trust, "authorities", lambda: [b"certificate"])
    said: list[str] = []
    assert (connector.install(cache, resolver, said.append) / "other.jar").exists()
    assert "does not trust the network's certificates" in said[0]
    monkeypatch.setattr(trust, "authorities", list)
    (connector.folder(cache) / "manifest.json").unlink()
    with pytest.raises(
        Unmet, match=r"could not be downloaded \(javax.*PKIX path building failed: y\): check the network"
    ):
        connector.install(cache, resolver, said.append)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["\tHost a.example not found. url=x", "Exception in thread main: unresolved"], "Host a.example not found"),
        (["Host a.example not found", "Server access error at url x (java.io.IOException: (y))"], "java.io.IOException: (y)"),
        (["\t::  UNRESOLVED DEPENDENCIES  ::", "Exception: unresolved"], "Exception: unresolved"),
        ([], "unknown reason"),
    ],
)  # fmt: skip
def test_the_most_helpful_reason_is_reported(lines: list[str], reason: str, cache: Path, resolver: java.Java) -> None:
    said = "".join(f"echo '{line}'\n" for line in lines)
    Path(resolver.command).write_text(f"#!/bin/sh\n{said}exit 1\n")
    with pytest.raises(Unmet) as failed:
        connector.install(cache, resolver, lambda line: None)
    assert str(failed.value).startswith(f"Spark's S3 connector could not be downloaded ({reason}): ")


def test_this_machine_has_the_slim_connector() -> None:
    """The suite's Spark tests need the connector, so this test fails instead of being skipped."""
    folder = connector.check(machine(os.environ).cache)
    jars = json.loads((folder / "manifest.json").read_text())
    assert any("hadoop-aws" in name for name in jars)
    assert not any("bundle" in name for name in jars)
    assert sum((folder / name).stat().st_size for name in jars) < 15e6
