"""State of a run never reaches a later run on the same JVM."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from glue_local.cli.up import settings_for
from glue_local.server import Server
from glue_local.settings import Settings
from tests.e2e.embedded import alive
from tests.e2e.stack import wait_until
from tests.worker.conftest import Bench

HEAD = """
import os, sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
sc = spark.sparkContext
"""

# Every kind of state that a script can leave in or outside the session without using the JVM directly.
LEAVE = (
    HEAD
    + """
import subprocess, time
open('left', 'w').write('x')
os.makedirs('folder/below'); os.environ['LEFT'] = 'x'; sys.path.append('left')
print('to be cut', file=sys.stderr)
spark.range(3).createOrReplaceTempView('left_view')
spark.range(3).createOrReplaceGlobalTempView('left_global')
spark.sql('create database left_database')
spark.range(3).write.saveAsTable('left_table')
spark.range(3).cache().count()
sc.parallelize(range(9)).persist().count()
spark.conf.set('spark.sql.shuffle.partitions', 77)
spark.sql('set spark.left=1')
spark.udf.register('left_udf', lambda n: n)
sc.setLogLevel('ERROR'); sc.setCheckpointDir('checkpoints'); sc.setJobGroup('left', 'left'); sc.setLocalProperty('left', 'x')
def in_worker(n):
    import builtins
    builtins.left = os.getpid()
    return os.getpid()
workers = set(sc.parallelize(range(8), 4).map(in_worker).collect())
away = subprocess.Popen(['sleep', '300'], start_new_session=True)
print('left', *workers, away.pid)
"""
)
LOOK = (
    HEAD
    + """
def in_worker(n):
    import builtins
    return getattr(builtins, 'left', None)
print(os.listdir('.'), os.environ.get('LEFT'), 'left' in sys.path)
print([t.name for t in spark.catalog.listTables()], [d.name for d in spark.catalog.listDatabases()])
print([t.name for t in spark.catalog.listTables('global_temp')])
print(spark.conf.get('spark.sql.shuffle.partitions') == '77', spark.conf.get('spark.left', None))
print(spark.catalog.functionExists('left_udf'), sc.getLocalProperty('left'), sc.getCheckpointDir())
print(sc.parallelize(range(8), 4).map(in_worker).collect())
seen = sc._jsc.sc()
print(seen.getPersistentRDDs().size(), seen.statusTracker().getJobIdsForGroup('left').__len__())
"""
)
NOTHING_LEFT = [
    "[] None False",
    "[] ['default']",
    "[]",
    "False None",
    "False None None",
    "[None, None, None, None, None, None, None, None]",
    "0 0",
]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A server whose worker has one driver, so that each run uses the previous run's JVM."""
    environment = {**settings_for(0, None).child_environment, "GLUE_LOCAL_WARM_DRIVERS": "1"}
    with Server(Settings(port=0, data_dir=tmp_path_factory.mktemp("reuse"), child_environment=environment)) as server:
        yield Bench(server)


def jvms(bench: Bench) -> list[int]:
    """Return the process ids of the JVMs of the worker's drivers."""
    runs = str(bench.server.settings.data_dir / "runs")
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text()
        except OSError:
            continue
        # The JVM that writes the class archive, once for each installation of Spark, executes no run.
        executes = "org.apache.spark.deploy.SparkSubmit" in command and "-XX:ArchiveClassesAtExit" not in command
        if executes and runs in command and alive(int(pid)):
            found.append(int(pid))
    return found


def worker_log(bench: Bench) -> str:
    return (bench.server.settings.data_dir / "worker.log").read_text()


def ready_jvm(bench: Bench) -> int:
    """Return the only JVM, once it waits for a run."""
    runs = bench.server.settings.data_dir / "runs"
    wait_until(lambda: list(runs.glob("*/ready")) and len(jvms(bench)) == 1, 180, "one driver that is ready")
    return jvms(bench)[0]


def test_no_state_of_a_run_reaches_the_next_on_the_same_jvm(bench: Bench) -> None:
    before = ready_jvm(bench)
    left = bench.run(LEAVE, "glueetl")
    assert left.state == "SUCCEEDED", left
    pids = [int(pid) for pid in left.output[-1].split()[1:]]
    assert ready_jvm(bench) == before, worker_log(bench)
    assert [pid for pid in pids if alive(pid)] == []
    found = bench.run(LOOK, "glueetl")
    assert (found.state, found.output) == ("SUCCEEDED", NOTHING_LEFT), found
    assert not any("to be cut" in line for line in found.error)


def test_a_jvm_gets_a_new_session_after_a_script_stopped_its_own(bench: Bench) -> None:
    before = ready_jvm(bench)
    assert bench.run(HEAD + "print(spark.range(4).count())\nspark.stop()\n", "glueetl").output == ["4"]
    assert ready_jvm(bench) == before, worker_log(bench)
    assert bench.run(HEAD + "print(spark.range(5).count())\n", "glueetl").output == ["5"]


def test_a_jvm_is_reused_after_a_failed_script(bench: Bench) -> None:
    before = ready_jvm(bench)
    assert bench.run(HEAD + "raise ValueError('no such road')\n", "glueetl").state == "FAILED"
    assert ready_jvm(bench) == before, worker_log(bench)


def test_a_run_without_its_script_does_not_cost_a_driver(bench: Bench) -> None:
    before = ready_jvm(bench)
    done = bench.run("", "glueetl", DefaultArguments={"--scriptLocation": "s3://scripts/none.py"})
    assert (done.state, "none.py" in done.message) == ("FAILED", True)
    assert ready_jvm(bench) == before, worker_log(bench)


# tests/worker/jvm/test_jvm_watch.py has the other calls.
@pytest.mark.long
@pytest.mark.parametrize(
    "reach",
    [
        "sc._jvm.java.lang.System.setProperty('left', 'x')",
        "spark.sql(\"select reflect('java.lang.System', 'setProperty', 'left', 'x')\").collect()",
        "spark.readStream.format('rate').load().writeStream.format('memory').queryName('left').start()",
        "os._exit(3)",
    ],
)
def test_a_jvm_that_may_have_been_changed_is_not_reused(bench: Bench, reach: str) -> None:
    before = ready_jvm(bench)
    bench.run(f"{HEAD}{reach}\n", "glueetl")
    wait_until(lambda: before not in jvms(bench), 60, "the JVM to be replaced")
    assert bench.run(HEAD + "print(sc._jvm.java.lang.System.getProperty('left'))\n", "glueetl").output == ["None"]


def test_a_run_gets_another_driver_if_its_warm_jvm_died(bench: Bench) -> None:
    killed = ready_jvm(bench)
    os.kill(killed, signal.SIGKILL)
    done = bench.run(HEAD + "print(spark.range(6).count())\n", "glueetl")
    assert (done.state, done.output) == ("SUCCEEDED", ["6"]), done


@pytest.mark.long
def test_a_warm_jvm_that_hangs_is_replaced(bench: Bench) -> None:
    hanging = ready_jvm(bench)
    os.kill(hanging, signal.SIGSTOP)
    wait_until(lambda: not alive(hanging), 90, "the driver to be removed")
    done = bench.run(HEAD + "print(spark.range(7).count())\n", "glueetl")
    assert (done.state, done.output) == ("SUCCEEDED", ["7"]), done


def test_a_killed_worker_leaves_no_process_of_its_runs(bench: Bench) -> None:
    ready_jvm(bench)
    script = (
        HEAD
        + "import subprocess, time\n"
        + "pids = sc.parallelize(range(4), 2).map(lambda n: os.getpid()).collect()\n"
        + "away = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        + "print(os.getpid(), away.pid, *pids, flush=True)\ntime.sleep(300)\n"
    )
    name = bench.job(script, "glueetl")
    run_id = bench.start(name)
    run = bench.await_state(name, run_id, "RUNNING")
    while not bench.lines(run, "output"):
        time.sleep(0.1)
    pids = [*map(int, bench.lines(run, "output")[0].split()), *jvms(bench)]
    os.kill(bench.server.status()["children"]["worker"], signal.SIGKILL)
    for pid in pids:
        wait_until(lambda pid=pid: not alive(pid), 30, f"process {pid} to be gone")
