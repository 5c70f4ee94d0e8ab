"""A worker process: ends with its standard input, or at SIGTERM, and with it everything it started."""

import os
import signal
import sys
import threading

from glue_local.worker.agent import Agent
from glue_local.worker.surroundings import Surroundings


def main() -> None:
    """Work until told to end."""
    agent = Agent(Surroundings.read(os.environ))
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    signal.signal(signal.SIGINT, lambda *_: ending.set())
    threading.Thread(target=_await_end_of_input, args=(ending,), daemon=True).start()
    threading.Thread(target=agent.work, daemon=True).start()
    ending.wait()
    agent.end()
    # Slots may wait in a claim for many seconds; nothing of theirs is left to lose.
    os._exit(0)


def _await_end_of_input(ending: threading.Event) -> None:
    sys.stdin.buffer.read()
    ending.set()


if __name__ == "__main__":
    main()
