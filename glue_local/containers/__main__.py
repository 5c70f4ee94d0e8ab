"""The process that keeps a server's containers: it ends with its standard input, and they with it."""

import signal
import sys
import threading
from pathlib import Path

from docker.errors import DockerException

from glue_local.containers import engine
from glue_local.containers.pool import Plan, Pool
from glue_local.prerequisites import Unmet
from glue_local.settings import container_settings

_LOOK = 0.25
_PAUSE = 5.0


def main() -> None:
    """Keep containers until told to end."""
    told = container_settings()
    try:
        client = engine.connect()
        engine.image(client, told.image)
    except Unmet as unmet:
        _say(str(unmet))
        sys.exit(1)
    packages = Path(__file__).parent.parent.parent
    pool = Pool(client, Plan(told.image, told.owner, told.worker, told.size, told.environment, packages))
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    signal.signal(signal.SIGINT, lambda *_: ending.set())
    threading.Thread(target=_await_end_of_input, args=(ending,), daemon=True).start()
    pool.remove_all()
    try:
        while not ending.is_set():
            ending.wait(_tend(pool))
    finally:
        pool.remove_all()


def _tend(pool: Pool) -> float:
    """Look after the containers once; return the seconds until the next look."""
    try:
        pool.fill()
    except DockerException as trouble:
        _say(f"Docker: {trouble}")
        return _PAUSE
    return _LOOK


def _await_end_of_input(ending: threading.Event) -> None:
    sys.stdin.buffer.read()
    ending.set()


def _say(message: str) -> None:
    print(f"glue-local containers: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
