"""When the pool of warm drivers is filled, with processes that only pretend."""

from pathlib import Path
from typing import Any

import pytest

from glue_local.worker import drivers as module
from glue_local.worker.drivers import Drivers
from glue_local.worker.run_folder import RunFolder
from glue_local.worker.surroundings import Surroundings


class Pretended:
    """A RunProcess whose readiness and end the test decides."""

    started: "list[Pretended]" = []

    def __init__(self, module: str, folder: RunFolder, environment: Any) -> None:
        self.folder = folder
        self.ready, self.code = False, None
        self.started.append(self)

    def is_ready(self) -> bool:
        return self.ready

    def exit_code(self) -> int | None:
        return self.code


class Pool:
    """Drivers with a clock that the test moves."""

    def __init__(self, data_dir: Path) -> None:
        self.now = 0.0
        given = {"ENDPOINT": "http://localhost:1", "TOKEN": "none", "DATA_DIR": str(data_dir), "WARM_DRIVERS": "2"}
        surroundings = Surroundings.read({f"GLUE_LOCAL_{name}": value for name, value in given.items()})
        self.drivers = Drivers(surroundings, lambda: self.now)

    def after(self, seconds: float) -> int:
        """Return how many processes have been started by then, every one ready as soon as it is."""
        self.now += seconds
        self.drivers.fill()
        for process in Pretended.started:
            process.ready = True
        return len(Pretended.started)


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pool:
    Pretended.started = []
    monkeypatch.setattr(module, "RunProcess", Pretended)
    return Pool(tmp_path)


def test_they_are_warmed_up_one_after_the_other(pool: Pool) -> None:
    pool.drivers.fill()
    pool.drivers.fill()
    assert len(Pretended.started) == 1
    assert [pool.after(1), pool.after(1), pool.after(1)] == [1, 2, 2]


def test_none_is_warmed_up_beside_a_run_that_would_be_slowed_down(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    run = pool.drivers.take()
    assert [pool.after(1), pool.after(20)] == [2, 2]
    run.code = 0  # type: ignore[attr-defined]
    assert [pool.after(0.5), pool.after(0.6)] == [2, 3]


def test_a_long_run_shares_the_machine(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    pool.drivers.take()
    assert [pool.after(59), pool.after(2)] == [2, 3]


def test_the_last_one_is_replaced_sooner(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    runs = [pool.drivers.take(), pool.drivers.take()]
    assert [pool.after(4), pool.after(2)] == [2, 3]
    pool.drivers.take()
    for run in runs:
        run.code = 0  # type: ignore[attr-defined]
    Pretended.started[2].code = 0  # type: ignore[assignment]
    assert [pool.after(0), pool.after(0.1)] == [3, 4]


def test_each_is_handed_out_once_and_a_new_one_when_none_is_left(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    taken = [pool.drivers.take() for _ in range(3)]
    assert len(set(map(id, taken))) == 3
    assert len(Pretended.started) == 3


def test_a_warm_one_goes_before_one_on_its_way(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    Pretended.started[0].ready = False
    assert pool.drivers.take() is Pretended.started[1]


def test_one_that_died_is_replaced_but_not_in_a_tight_loop(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    pool.after(0), pool.after(1)
    dead = Pretended.started[0]
    dead.folder.stderr.write_text("warming up\nno Java\n")
    dead.code = 1  # type: ignore[assignment]
    assert [pool.after(1), pool.after(8), pool.after(3)] == [2, 2, 3]
    assert "no Java" in capsys.readouterr().err
    assert not dead.folder.path.exists()
