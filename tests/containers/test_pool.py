"""The pool of containers, with a fake engine."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docker
import pytest
from docker.errors import DockerException, ImageNotFound, NotFound

from glue_local.containers import engine
from glue_local.containers.pool import Plan, Pool
from glue_local.prerequisites import Unmet


class Container:
    """A container that the test ends."""

    def __init__(self, engine: "Engine", labels: dict[str, str], environment: dict[str, str]) -> None:
        self._engine, self.labels, self.environment, self.status = engine, labels, environment, "running"

    def reload(self) -> None:
        if self not in self._engine.all:
            raise NotFound("no such container")

    def logs(self, tail: int) -> bytes:
        return f"last lines of {self.environment['GLUE_LOCAL_WORKER']}\n".encode()

    def remove(self, force: bool, v: bool) -> None:
        self.reload()
        self._engine.all.remove(self)


class Engine:
    """Containers of any owner."""

    def __init__(self) -> None:
        self.all: list[Container] = []
        self.containers = self

    def run(self, image: str, command: Any, labels: Any, environment: Any, **how: Any) -> Container:
        assert how["network_mode"] == "host"
        assert (how["cap_drop"], how["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
        bound = {Path(mount["bind"]).name for mount in how["volumes"].values()}
        assert bound == {"glue_local", "awsglue", "awsgluedq", "awsglueml"}
        assert all(mount["mode"] == "ro" for mount in how["volumes"].values())
        self.all.append(Container(self, labels, environment))
        return self.all[-1]

    def list(self, all: bool, filters: dict[str, str], ignore_removed: bool) -> "list[Container]":
        key, value = filters["label"].split("=", 1)
        return [container for container in self.all if container.labels.get(key) == value]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def pool_of(fake: Engine, owner: str = "/data", clock: Any = None) -> Pool:
    return Pool(fake, Plan("image", owner, "embedded-1-1", 2, {"A": "b"}, Path("/packages")), clock or Clock())


def test_each_container_is_a_worker_for_one_run() -> None:
    fake = Engine()
    pool = pool_of(fake)
    pool.fill(), pool.fill()
    assert [one.environment["GLUE_LOCAL_WORKER"] for one in fake.all] == ["embedded-1-1-1", "embedded-1-1-2"]
    assert {one.environment["GLUE_LOCAL_RUNS"] for one in fake.all} == {"1"}


def test_an_ended_container_is_removed_and_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    fake, clock = Engine(), Clock()
    pool = pool_of(fake, clock=clock)
    pool.fill()
    clock.now = 60.0
    fake.all[0].status = "exited"
    pool.fill()
    assert [one.environment["GLUE_LOCAL_WORKER"][-1] for one in fake.all] == ["2", "3"]
    assert "last lines of embedded-1-1-1" in capsys.readouterr().err
    clock.now = 120.0
    fake.all.pop()  # something else removed it
    pool.fill()
    assert [one.environment["GLUE_LOCAL_WORKER"][-1] for one in fake.all] == ["2", "4"]


def test_no_container_is_started_once_the_server_is_ending() -> None:
    fake = Engine()
    pool_of(fake).fill(lambda: len(fake.all) == 1)
    assert len(fake.all) == 1


def test_a_container_that_fails_at_its_start_is_replaced_later() -> None:
    fake, clock = Engine(), Clock()
    pool = pool_of(fake, clock=clock)
    pool.fill()
    clock.now = 1.0
    fake.all[0].status = "exited"
    pool.fill()
    assert len(fake.all) == 1
    clock.now = 11.5
    pool.fill()
    assert len(fake.all) == 2


def test_containers_of_a_killed_server_are_removed_and_no_others() -> None:
    fake = Engine()
    pool_of(fake).fill()
    pool_of(fake, "/other").fill()
    pool_of(fake).remove_all()
    assert len(fake.all) == 2
    assert {label for one in fake.all for label in one.labels.values()} == {"/other"}


def test_the_error_without_an_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(timeout: float) -> None:
        raise DockerException("Error while fetching server API version: no such file")

    monkeypatch.setattr(docker, "from_env", refuse)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(Unmet, match="^Docker does not respond .*no such file.*: start it"):
        engine.connect()


def test_the_error_for_a_missing_image_names_the_fix() -> None:
    def get(name: str) -> None:
        raise ImageNotFound("404")

    with pytest.raises(Unmet, match=r"docker pull some/image:1"):
        engine.image(SimpleNamespace(images=SimpleNamespace(get=get)), "some/image:1")


def test_a_stand_in_is_recognized_by_its_label() -> None:
    assert engine.is_stand_in(SimpleNamespace(labels={"glue-local.stand-in": "true"}))
    assert not engine.is_stand_in(SimpleNamespace(labels={}))
