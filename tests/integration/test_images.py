"""The images that the stack is made of: small, without rights, honest about what they are, and free of this machine."""

from collections.abc import Iterator
from typing import Any

import docker
import pytest

from glue_local.cli import COMMANDS
from tests.e2e.compose import IMAGES

LOCALSTACK, GLUE, OURS = IMAGES


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    client = docker.from_env(timeout=300)
    yield client
    client.close()


def said(engine: Any, image: str, *command: str) -> str:
    """Return what a command prints in a fresh container of an image, run in place of its entrypoint."""
    return str(engine.containers.run(image, list(command[1:]), entrypoint=command[0], remove=True).decode())


def test_ours_is_small_has_no_rights_and_a_health_check(engine: Any) -> None:
    image = engine.images.get(OURS)
    assert image.attrs["Size"] <= 250e6
    assert image.attrs["Config"]["User"] == "10001:10001"
    assert "/_glue_local/health" in image.attrs["Config"]["Healthcheck"]["Test"][-1]
    assert said(engine, OURS, "id", "-u") == "10001\n"


def test_ours_knows_its_commands_and_writes_parquet(engine: Any) -> None:
    every = (
        "import glue_local.cli as cli; [cli.load(name) for name in cli.COMMANDS]; print('all of', len(cli.COMMANDS))"
    )
    assert said(engine, OURS, "python3", "-c", every) == f"all of {len(COMMANDS)}\n"
    program = (
        "import pyarrow as pa, pyarrow.parquet as pq; sink = pa.BufferOutputStream();"
        "pq.write_table(pa.table({'a': [1, 2]}), sink, compression='snappy');"
        "print(pq.ParquetFile(pa.BufferReader(sink.getvalue())).read().to_pylist())"
    )
    assert said(engine, OURS, "python3", "-c", program) == "[{'a': 1}, {'a': 2}]\n"


def test_the_glue_image_is_laid_out_as_the_official_one(engine: Any) -> None:
    config = engine.images.get(GLUE).attrs["Config"]
    assert config["Entrypoint"] == ["bash", "-l"]
    lines = said(engine, GLUE, "bash", "-lc", "id -un; echo ~; readlink -f /usr/lib/spark/conf; /usr/bin/python3.11 -V")
    assert lines.splitlines()[:3] == ["hadoop", "/home/hadoop", "/etc/spark/conf"]
    assert lines.splitlines()[3].startswith("Python 3.11.")


@pytest.mark.parametrize("name", [LOCALSTACK, GLUE])
def test_a_stand_in_says_so_and_knows_nothing_of_the_machine_that_built_it(engine: Any, name: str) -> None:
    image = engine.images.get(name)
    if image.labels.get("glue-local.stand-in") != "true":
        pytest.skip(f"{name} is the official image")
    assert f"in place of {name}" in said(engine, name, "cat", "/etc/glue-local-stand-in")
    for step in image.history():
        assert "PIP_INDEX" not in step["CreatedBy"]
    certificates = said(engine, name, "sh", "-c", "cat /etc/ssl/certs/ca-certificates.crt | grep -c BEGIN")
    known = said(engine, name, "sh", "-c", "grep -vc '^[#!]' /etc/ca-certificates.conf")
    # Debian's own list and not one more: an authority of this machine would be.
    assert int(certificates) == int(known)
    left = "ls -A /usr/local/share/ca-certificates /run/secrets 2>/dev/null | grep -v ':$'; env | grep -i proxy; true"
    assert said(engine, name, "sh", "-c", left).strip() == ""
