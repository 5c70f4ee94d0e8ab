"""The pool of containers, with an engine that only pretends."""

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
    """A container whose end the test decides."""

    def __init__(self, engine: "Engine", labels: dict[str, str], told: dict[str, str]) -> None:
        self._engine, self.labels, self.told, self.status = engine, labels, told, "running"

    def reload(self) -> None:
        if self not in self._engine.all:
            raise NotFound("no such container")

    def logs(self, tail: int) -> bytes:
        return f"last words of {self.told['GLUE_LOCAL_WORKER']}\n".encode()

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


def pool_of(pretended: Engine, owner: str = "/data", clock: Any = None) -> Pool:
    return Pool(pretended, Plan("image", owner, "embedded-1-1", 2, {"A": "b"}, Path("/packages")), clock or Clock())


def test_each_container_is_another_worker_of_one_run() -> None:
    pretended = Engine()
    pool = pool_of(pretended)
    pool.fill(), pool.fill()
    assert [one.told["GLUE_LOCAL_WORKER"] for one in pretended.all] == ["embedded-1-1-1", "embedded-1-1-2"]
    assert {one.told["GLUE_LOCAL_RUNS"] for one in pretended.all} == {"1"}


def test_one_that_ended_is_removed_and_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    pretended, clock = Engine(), Clock()
    pool = pool_of(pretended, clock=clock)
    pool.fill()
    clock.now = 60.0
    pretended.all[0].status = "exited"
    pool.fill()
    assert [one.told["GLUE_LOCAL_WORKER"][-1] for one in pretended.all] == ["2", "3"]
    assert "last words of embedded-1-1-1" in capsys.readouterr().err
    clock.now = 120.0
    pretended.all.pop()  # somebody else removed it
    pool.fill()
    assert [one.told["GLUE_LOCAL_WORKER"][-1] for one in pretended.all] == ["2", "4"]


def test_one_that_ends_at_once_is_not_replaced_in_a_tight_loop() -> None:
    pretended, clock = Engine(), Clock()
    pool = pool_of(pretended, clock=clock)
    pool.fill()
    clock.now = 1.0
    pretended.all[0].status = "exited"
    pool.fill()
    assert len(pretended.all) == 1
    clock.now = 11.5
    pool.fill()
    assert len(pretended.all) == 2


def test_what_a_killed_server_left_is_removed_and_nothing_of_anothers() -> None:
    pretended = Engine()
    pool_of(pretended).fill()
    pool_of(pretended, "/other").fill()
    pool_of(pretended).remove_all()
    assert len(pretended.all) == 2
    assert {label for one in pretended.all for label in one.labels.values()} == {"/other"}


def test_without_an_engine_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(timeout: float) -> None:
        raise DockerException("Error while fetching server API version: no such file")

    monkeypatch.setattr(docker, "from_env", refuse)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(Unmet, match="^Docker does not answer .*no such file.*: start it"):
        engine.connect()


def test_without_the_image_there_is_one_line_that_says_how_to_get_it() -> None:
    def get(name: str) -> None:
        raise ImageNotFound("404")

    with pytest.raises(Unmet, match=r"docker pull some/image:1"):
        engine.image(SimpleNamespace(images=SimpleNamespace(get=get)), "some/image:1")


def test_a_stand_in_is_known_by_its_label() -> None:
    assert engine.is_stand_in(SimpleNamespace(labels={"glue-local.stand-in": "true"}))
    assert not engine.is_stand_in(SimpleNamespace(labels={}))
