"""When the pool of warm drivers starts drivers and takes them back, with fake drivers."""

from pathlib import Path
from typing import Any

import pytest

from glue_local.worker.drivers import driver_pool as module
from glue_local.worker.drivers.driver_pool import DriverPool
from glue_local.worker.run_folder import RunFolder
from glue_local.worker.settings import Settings


class FakeDriver:
    """A fake Driver whose readiness and end the test controls."""

    started: "list[FakeDriver]" = []

    def __init__(self, folder: RunFolder, environment: Any, *, reusable: bool) -> None:
        self.folder, self.is_reusable = folder, reusable
        self.is_renewed = self.ready = self.discarded = False
        self.code: int | None = None
        self.waited = 0.0
        self.started.append(self)

    def is_ready(self) -> bool:
        return self.ready and self.is_alive()

    def is_alive(self) -> bool:
        return self.code is None

    def exit_code(self) -> int | None:
        return self.code

    def seconds_waited(self) -> float:
        return self.waited

    def renew(self) -> None:
        self.folder.empty()
        self.is_renewed, self.ready, self.code = True, False, None

    def discard(self, *, keep_folder: bool = False) -> None:
        self.discarded, self.is_reusable = True, False
        self.folder.remove()


class Pool:
    """A DriverPool with a clock that the test sets."""

    def __init__(self, data_dir: Path, **told: str) -> None:
        self.now = 0.0
        given = {"ENDPOINT": "http://localhost:1", "TOKEN": "none", "DATA_DIR": str(data_dir), "WARM_DRIVERS": "2"}
        settings = Settings.read({f"GLUE_LOCAL_{name}": value for name, value in {**given, **told}.items()})
        self.drivers = DriverPool(settings, lambda: self.now)

    def after(self, seconds: float) -> int:
        """Return how many drivers have been started by then; each is ready as soon as it is started."""
        self.now += seconds
        self.drivers.fill()
        for driver in FakeDriver.started:
            driver.ready = True
        return len(FakeDriver.started)

    def take(self) -> FakeDriver:
        driver: Any = self.drivers.take()
        return driver

    def give_back(self, driver: FakeDriver) -> None:
        """Return a driver whose script ended by itself to the pool."""
        driver.code = 0
        self.drivers.give_back(driver)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def fake_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    FakeDriver.started = []
    monkeypatch.setattr(module, "Driver", FakeDriver)


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    return Pool(tmp_path)


def test_drivers_are_warmed_up_one_after_the_other(pool: Pool) -> None:
    pool.drivers.fill()
    pool.drivers.fill()
    assert len(FakeDriver.started) == 1
    assert [pool.after(1), pool.after(1), pool.after(1)] == [1, 2, 2]


def test_a_driver_has_one_run_after_another(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    used = []
    for _ in range(10):
        used.append(pool.take())
        pool.give_back(used[-1])
        pool.after(1)
    assert len(FakeDriver.started) == 2
    assert all(driver.is_renewed for driver in used)


def test_ready_drivers_are_preferred_to_resetting_ones_and_those_to_starting_ones(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    first, second = FakeDriver.started
    pool.give_back(pool.take())
    assert pool.take() is second
    assert pool.take() is first


def test_no_driver_is_started_while_it_would_slow_down_a_run(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    run = pool.take()
    run.is_reusable = False
    assert [pool.after(1), pool.after(20)] == [2, 2]
    run.code = 0
    assert [pool.after(0.5), pool.after(0.6)] == [2, 3]


def test_no_driver_is_started_for_one_that_will_be_returned(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    pool.take()
    assert [pool.after(59), pool.after(2)] == [2, 2], "more drivers than possible runs would waste memory"


def test_the_other_slot_gets_a_driver_during_a_long_run(tmp_path: Path) -> None:
    pool = Pool(tmp_path, WARM_DRIVERS="1", SLOTS="2")
    pool.after(0)
    pool.take()
    assert [pool.after(59), pool.after(2), pool.after(2)] == [1, 2, 2]


def test_a_driver_is_started_during_a_long_run_that_does_not_return_its_own(tmp_path: Path) -> None:
    pool = Pool(tmp_path, DRIVER_REUSE="false")
    pool.after(0), pool.after(1)
    pool.take()
    assert [pool.after(59), pool.after(2)] == [2, 3]


def test_the_last_driver_is_replaced_sooner(tmp_path: Path) -> None:
    pool = Pool(tmp_path, DRIVER_REUSE="false")
    pool.after(0), pool.after(1)
    pool.take(), pool.take()
    assert [pool.after(4), pool.after(2)] == [2, 3]


def test_each_driver_has_one_run_at_a_time_and_a_new_one_is_started_if_none_is_left(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    taken = [pool.take() for _ in range(3)]
    assert len(set(map(id, taken))) == 3
    assert len(FakeDriver.started) == 3


def test_settings_that_need_their_own_jvm_are_known(pool: Pool) -> None:
    pool.drivers.note_refused("spark.sql.legacy.some")
    keys = ("spark.executor.memory", "spark.sql.extensions", "spark.sql.shuffle.partitions", "spark.sql.legacy.some")
    assert [pool.drivers.refuses(key) for key in keys] == [True, True, False, True]


@pytest.mark.parametrize("told", [{"DRIVER_REUSE": "false"}, {"KEEP_RUNS": "true"}])
def test_reuse_can_be_turned_off(tmp_path: Path, told: dict[str, str]) -> None:
    pool = Pool(tmp_path, **told)
    run = pool.take()
    pool.give_back(run)
    assert run.discarded


def test_a_driver_started_with_a_runs_settings_is_not_reused(pool: Pool) -> None:
    run: Any = pool.drivers.start({"spark.executor.heartbeatInterval": "11s"}, [], pool.drivers.new_folder())
    pool.give_back(run)
    assert run.discarded


def test_the_number_of_warm_drivers_is_limited(tmp_path: Path) -> None:
    pool = Pool(tmp_path, WARM_DRIVERS="1")
    runs = [pool.take(), pool.take()]
    for run in runs:
        pool.give_back(run)
    assert [run.discarded for run in runs] == [False, True]


def test_a_driver_whose_jvm_could_not_be_reset_is_replaced(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    pool.after(0), pool.after(1)
    run = pool.take()
    pool.give_back(run)
    run.folder.stderr.write_text("its JVM is replaced: __main__ used the JVM itself\n")
    run.code = 0
    assert [pool.after(0.1), pool.after(1.1)] == [2, 3]
    assert run.discarded
    assert "__main__ used the JVM itself" in capsys.readouterr().err


def test_a_driver_whose_reset_takes_long_is_replaced(pool: Pool) -> None:
    pool.after(0), pool.after(1)
    run = pool.take()
    pool.give_back(run)
    run.waited = 59.0
    pool.drivers.fill()
    assert not run.discarded
    run.waited = 61.0
    pool.drivers.fill()
    assert run.discarded


def test_a_dead_driver_is_replaced_but_not_in_a_tight_loop(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    pool.after(0), pool.after(1)
    dead = FakeDriver.started[0]
    dead.folder.stderr.write_text("warming up\nno Java\n")
    dead.code = 1
    assert [pool.after(1), pool.after(8), pool.after(3)] == [2, 2, 3]
    assert "no Java" in capsys.readouterr().err
    assert not dead.folder.path.exists()
