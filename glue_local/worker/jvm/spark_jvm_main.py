"""The parent process of a Spark driver's JVM: warms it up, and resets it after each run."""

import os
import sys
import threading
from pathlib import Path

from glue_local.worker.drivers.go_signals import GoSignals
from glue_local.worker.jvm.warm_jvm import WarmJvm
from glue_local.worker.run_folder import RunFolder


def main() -> None:
    """Use the folder on the command line: signal in it when the JVM is ready, and run until the JVM must be replaced."""
    folder = RunFolder(Path(sys.argv[1]))
    go = GoSignals(folder.path)
    jvm = WarmJvm(folder)
    threading.Thread(target=_end_with, args=(jvm,), daemon=True, name="jvm-health").start()
    folder.notes.write_text("".join(f"{line}\n" for line in jvm.lacking))
    jvm.exercise()
    while True:
        jvm.hand_over()
        jvm.use_idle_time()
        go.wait()  # for the end of the run's script
        jvm.end_run()
        go.wait()  # for its folder to be empty
        reason = jvm.renew()
        if reason:
            print(f"its JVM is replaced: {reason}", file=sys.stderr, flush=True)
            os._exit(0)


def _end_with(jvm: WarmJvm) -> None:
    """End this process if its JVM has ended or does not respond: the driver is useless without it."""
    print(jvm.await_failure(), file=sys.stderr, flush=True)
    os._exit(1)


if __name__ == "__main__":
    main()
