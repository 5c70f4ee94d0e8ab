"""The images: small, unprivileged, marked if they are stand-ins, and without traces of the build machine."""

from collections.abc import Iterator
from typing import Any

import docker
import pytest

from glue_local.cli import COMMANDS
from tests.e2e.compose import IMAGES

LOCALSTACK, GLUE, TRINO, OURS = IMAGES


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    client = docker.from_env(timeout=300)
    yield client
    client.close()


def output_of(engine: Any, image: str, *command: str) -> str:
    """Return the output of a command in a fresh container of an image, instead of its entrypoint."""
    return str(engine.containers.run(image, list(command[1:]), entrypoint=command[0], remove=True).decode())


def test_our_image_is_small_unprivileged_and_has_a_health_check(engine: Any) -> None:
    image = engine.images.get(OURS)
    assert image.attrs["Size"] <= 260e6
    assert image.attrs["Config"]["User"] == "10001:10001"
    assert "/_glue_local/health" in image.attrs["Config"]["Healthcheck"]["Test"][-1]
    assert output_of(engine, OURS, "id", "-u") == "10001\n"


def test_our_image_has_its_commands_and_writes_parquet(engine: Any) -> None:
    every = (
        "import glue_local.cli as cli; [cli.load(name) for name in cli.COMMANDS]; print('all of', len(cli.COMMANDS))"
    )
    assert output_of(engine, OURS, "python3", "-c", every) == f"all of {len(COMMANDS)}\n"
    program = (
        "import pyarrow as pa, pyarrow.parquet as pq; sink = pa.BufferOutputStream();"
        "pq.write_table(pa.table({'a': [1, 2]}), sink, compression='snappy');"
        "print(pq.ParquetFile(pa.BufferReader(sink.getvalue())).read().to_pylist())"
    )
    assert output_of(engine, OURS, "python3", "-c", program) == "[{'a': 1}, {'a': 2}]\n"


def test_the_glue_image_has_the_official_layout(engine: Any) -> None:
    config = engine.images.get(GLUE).attrs["Config"]
    assert config["Entrypoint"] == ["bash", "-l"]
    lines = output_of(
        engine, GLUE, "bash", "-lc", "id -un; echo ~; readlink -f /usr/lib/spark/conf; /usr/bin/python3.11 -V"
    )
    assert lines.splitlines()[:3] == ["hadoop", "/home/hadoop", "/etc/spark/conf"]
    assert lines.splitlines()[3].startswith("Python 3.11.")


@pytest.mark.parametrize("name", [LOCALSTACK, GLUE, TRINO])
def test_a_stand_in_is_marked_and_has_no_traces_of_its_build_machine(engine: Any, name: str) -> None:
    image = engine.images.get(name)
    if image.labels.get("glue-local.stand-in") != "true":
        pytest.skip(f"{name} is the official image")
    assert f"in place of {name}" in output_of(engine, name, "cat", "/etc/glue-local-stand-in")
    for step in image.history():
        assert "PIP_INDEX" not in step["CreatedBy"]
    certificates = output_of(engine, name, "sh", "-c", "cat /etc/ssl/certs/ca-certificates.crt | grep -c BEGIN")
    known = output_of(engine, name, "sh", "-c", "grep -vc '^[#!]' /etc/ca-certificates.conf")
    # Exactly Debian's list: a certificate authority of the build machine would be an extra one.
    assert int(certificates) == int(known)
    left = "ls -A /usr/local/share/ca-certificates /run/secrets 2>/dev/null | grep -v ':$'; env | grep -i proxy; true"
    assert output_of(engine, name, "sh", "-c", left).strip() == ""
