"""The worker as the first process of a container."""

import signal
import subprocess
import sys
import time

# A process that acts as process 1: its child starts an orphan, or waits for a signal.
AS_FIRST = """
import os, signal, sys, time
from glue_local.worker.isolation import init_process
real = os.getpid()
init_process.os.getpid = lambda: 1
def work():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(7))
    print("working", flush=True)
    time.sleep(30)
init_process.run_below(work)
"""


def test_a_signal_reaches_the_worker_and_its_exit_code_is_the_containers() -> None:
    with subprocess.Popen([sys.executable, "-c", AS_FIRST], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        assert first.stdout.readline() == "working\n"
        time.sleep(0.1)
        first.send_signal(signal.SIGTERM)
        assert first.wait(10) == 7


def test_elsewhere_the_worker_is_its_own_process() -> None:
    code = "import os\nfrom glue_local.worker.isolation.init_process import run_below\nrun_below(lambda: print(os.getpid()))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.communicate()[0] == f"{process.pid}\n"
