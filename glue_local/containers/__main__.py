"""The process that runs a server's worker containers and removes them when it ends."""

import sys
from pathlib import Path
from threading import Event

from docker.errors import DockerException

from glue_local.children.log import log_of
from glue_local.children.process import stop_event
from glue_local.containers import engine
from glue_local.containers.pool import Plan, Pool
from glue_local.prerequisites import Unmet
from glue_local.settings import container_settings

_INTERVAL = 0.25
_AFTER_ERROR = 5.0

say = log_of("containers")


def main() -> None:
    """Run containers until stopped."""
    settings = container_settings()
    try:
        client = engine.connect()
        engine.image(client, settings.image)
    except Unmet as unmet:
        say(str(unmet))
        sys.exit(1)
    packages = Path(__file__).parent.parent.parent
    pool = Pool(
        client, Plan(settings.image, settings.owner, settings.worker, settings.size, settings.environment, packages)
    )
    ending = stop_event()
    pool.remove_all()
    try:
        while not ending.is_set():
            ending.wait(_fill(pool, ending))
    finally:
        pool.remove_all()


def _fill(pool: Pool, ending: Event) -> float:
    """Replace containers that have ended; return the seconds until the next check."""
    try:
        pool.fill(ending.is_set)
    except DockerException as error:
        say(f"Docker: {error}")
        return _AFTER_ERROR
    return _INTERVAL


if __name__ == "__main__":
    main()
