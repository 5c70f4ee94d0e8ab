"""What Docker Compose needs of a machine, on machines that lack something; the engine here is pretended."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import DockerException, ImageNotFound

from glue_local.prerequisites import Unmet, docker
from glue_local.settings import stack

LOCALSTACK, OURS = "localstack/localstack:4.14.0", "glue-local:0.1.0"
GIGABYTE = 10**9


class Engine:
    """An engine with these images (name: labels), containers that publish ports, and so much memory."""

    def __init__(self, images: dict[str, dict[str, str]], published: dict[int, Any], memory: float = 8e9) -> None:
        self.images = self.containers = self
        self._images, self._published, self._memory = images, published, memory

    def get(self, name: str) -> Any:
        if name not in self._images:
            raise ImageNotFound(name)
        return SimpleNamespace(attrs={"Size": GIGABYTE}, labels=self._images[name], tags=[name])

    def list(self, filters: dict[str, str]) -> list[Any]:
        if "publish" in filters:
            holder = self._published.get(int(filters["publish"]))
            return [holder] if holder else []
        key, _, value = filters["label"].partition("=")
        return [self.get(name) for name, labels in self._images.items() if labels.get(key) == value]

    def info(self) -> dict[str, float]:
        return {"MemTotal": self._memory}


def container(name: str, project: str) -> Any:
    return SimpleNamespace(name=name, labels={"com.docker.compose.project": project})


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        yield holder.getsockname()[1]


def refusal(call: Any, *arguments: Any) -> str:
    with pytest.raises(Unmet) as caught:
        call(*arguments)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(**_: Any) -> Any:
        raise DockerException("no socket")

    monkeypatch.setattr(docker.docker, "from_env", unreachable)
    assert "Docker does not answer: start it" in refusal(docker.engine)


def test_a_missing_image_says_how_to_get_it_and_a_stand_in_that_it_is_one() -> None:
    engine = Engine({LOCALSTACK: {docker.STAND_IN: "true"}, OURS: {docker.STAND_IN: "false"}}, {})
    assert docker.image(engine, LOCALSTACK).endswith("a stand-in")
    assert docker.image(engine, OURS) == f"{OURS}, 1000 MB"
    assert "docker pull other:1" in refusal(docker.image, engine, "other:1")
    assert "`make images`" in refusal(docker.image, Engine({}, {}), OURS)
    assert docker.stand_ins(engine, [LOCALSTACK, OURS, "other:1"]) == [LOCALSTACK]


def test_a_port_is_free_the_stacks_own_or_someone_elses() -> None:
    engine = Engine({}, {4566: container("glue-local-localstack-1", "glue-local"), 4567: container("web", "shop")})
    assert "the stack's own" in docker.port(engine, 4566)
    assert "taken by the container web" in refusal(docker.port, engine, 4567)
    with taken_port() as number:
        assert f"port {number} is taken" in refusal(docker.port, engine, number)
    assert docker.port(engine, number) == f"{number} is free"


def test_too_little_memory_and_the_first_thing_that_lacks() -> None:
    small = Engine({LOCALSTACK: {}}, {}, memory=2e9)
    assert "2.0 GB of memory" in refusal(docker.memory, small)
    assert "2.0 GB of memory" in refusal(docker.need, small, [LOCALSTACK], [])
    assert "glue-local:0.1.0 is missing" in refusal(docker.need, small, [LOCALSTACK, OURS], [])


def test_the_stack_is_what_the_compose_file_reads_from_the_environment() -> None:
    told = stack("1.2.3", {"GLUE_IMAGE": "mine:1", "GLUE_LOCAL_PORT": "5000"})
    assert told.images == (LOCALSTACK, "mine:1", "glue-local:1.2.3")
    assert told.ports == (5000, 4567)
    with pytest.raises(ValueError, match="GLUE_LOCAL_STATUS_PORT"):
        stack("1", {"GLUE_LOCAL_STATUS_PORT": "x"})
