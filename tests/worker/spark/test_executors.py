"""WorkerType and NumberOfWorkers as executors."""

from pathlib import Path

import pytest

from glue_local.worker.run_folder import RunFolder
from glue_local.worker.spark.environment import spark_environment
from glue_local.worker.spark.executors import Executors
from tests.worker.test_settings import GIVEN, Settings, conf_of


@pytest.mark.parametrize(
    ("run", "scales", "means"),
    [
        ({"WorkerType": "G.1X", "NumberOfWorkers": 3}, (1.0, 1.0), (2, 4, 16384)),
        ({"WorkerType": "G.1X", "NumberOfWorkers": 3}, (0.25, 0.0625), (2, 1, 1024)),
        ({"WorkerType": "R.2X", "NumberOfWorkers": 2}, (0.25, 0.0625), (1, 2, 4096)),
        ({"WorkerType": "G.025X", "NumberOfWorkers": 2}, (0.25, 0.0625), (1, 1, 512)),
        ({"MaxCapacity": 5.0}, (1.0, 1.0), (4, 4, 16384)),
    ],
)
def test_one_worker_is_the_driver_and_the_others_are_scaled(
    run: dict[str, object], scales: tuple[float, float], means: tuple[int, int, int]
) -> None:
    assert Executors.of(run, *scales)[:3] == means


def test_an_unknown_worker_type_is_named() -> None:
    with pytest.raises(ValueError, match="Z.2X"):
        Executors.of({"WorkerType": "Z.2X", "NumberOfWorkers": 2}, 1.0, 1.0)


def test_a_standalone_cluster_has_these_limits_and_commits_without_a_shared_folder(tmp_path: Path) -> None:
    told = Settings.read({**GIVEN, "GLUE_LOCAL_MASTER": "spark://localhost:7077"})
    executors = Executors.of({"WorkerType": "G.2X", "NumberOfWorkers": 3}, told.cpu_scale, told.memory_scale)
    environment = spark_environment(told, RunFolder(tmp_path), executors.settings, ["/jobs.jar"])
    conf = conf_of(environment)
    assert (conf["spark.executor.cores"], conf["spark.cores.max"], conf["spark.executor.memory"]) == ("2", "4", "2048m")
    assert conf["spark.jars"] == "/jobs.jar"
    assert '"spark.hadoop.fs.s3a.committer.name": "magic"' in environment["GLUE_LOCAL_OPTIONAL_SETTINGS"]
    assert environment["GLUE_LOCAL_EXECUTORS"] == "2 60"
