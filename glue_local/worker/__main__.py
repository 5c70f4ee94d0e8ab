"""A worker process: ends at SIGTERM, or with its standard input if told so, and with it everything it started."""

import os
import signal
import sys
import threading

from glue_local.worker.agent import Agent
from glue_local.worker.first_process import run_below
from glue_local.worker.log import say
from glue_local.worker.surroundings import Surroundings


def main() -> None:
    """Work until told to end."""
    try:
        surroundings = Surroundings.read(os.environ)
    except ValueError as problem:
        say(str(problem))
        sys.exit(1)
    agent = Agent(surroundings)
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    signal.signal(signal.SIGINT, lambda *_: ending.set())
    if surroundings.ends_with_input:
        threading.Thread(target=_await_end_of_input, args=(ending,), daemon=True).start()
    threading.Thread(target=_work, args=(agent, ending), daemon=True).start()
    ending.wait()
    agent.end()
    # Slots may wait in a claim for many seconds; nothing of theirs is left to lose.
    os._exit(0)


def _work(agent: Agent, ending: threading.Event) -> None:
    agent.work()
    ending.set()


def _await_end_of_input(ending: threading.Event) -> None:
    sys.stdin.buffer.read()
    ending.set()


if __name__ == "__main__":
    run_below(main)
