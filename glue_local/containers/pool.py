"""The containers of one server: as many as runs may be under way, each the worker of exactly one run."""

import contextlib
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from docker.errors import DockerException, NotFound

_OWNER = "glue-local.data-dir"
_SHORT_LIFE, _AFTER_A_SHORT_LIFE = 5.0, 10.0  # seconds
_LAST_LINES = 50
# The image's own profile may set PYTHONPATH, so ours goes in front of it in the image's own shell.
# Amazon Linux 2023 has another Python 3 of its own.
_COMMAND = (
    "-c",
    "export PYTHONPATH=/opt/glue-local:$PYTHONPATH; "
    'exec "$(command -v python3.11 || command -v python3)" -m glue_local.worker',
)


@dataclass(frozen=True)
class Plan:
    """What every container of a server is made from."""

    image: str
    owner: str
    """The data directory: one server at a time has it."""
    worker: str
    """What the names of the containers' workers begin with."""
    size: int
    environment: Mapping[str, str]
    packages: Path
    """The folder that holds glue_local, awsglue, awsgluedq and awsglueml."""


class Pool:
    """Keeps ``plan.size`` containers; one that ended has had its run, and another takes its place."""

    def __init__(self, client: Any, plan: Plan, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._plan, self._clock = client, plan, clock
        self._running: dict[Any, float] = {}
        self._numbers = count(1)
        self._not_before = float("-inf")

    def fill(self) -> None:
        """Bury containers that ended and start what is wanting."""
        for container, began in list(self._running.items()):
            if not _runs(container):
                self._bury(container, began)
        while len(self._running) < self._plan.size and self._clock() >= self._not_before:
            self._running[self._start()] = self._clock()

    def remove_all(self) -> None:
        """Remove every container of this data directory, also those that a killed server left."""
        mine = {"label": f"{_OWNER}={self._plan.owner}"}
        for container in self._client.containers.list(all=True, filters=mine, ignore_removed=True):
            _remove(container)
        self._running.clear()

    def _start(self) -> Any:
        plan = self._plan
        mounts = {
            str(plan.packages / "glue_local"): {"bind": "/opt/glue-local/glue_local", "mode": "ro"},
            # The image has neither, whoever's its awsglue is.
            str(plan.packages / "awsgluedq"): {"bind": "/opt/glue-local/awsgluedq", "mode": "ro"},
            str(plan.packages / "awsglueml"): {"bind": "/opt/glue-local/awsglueml", "mode": "ro"},
            str(plan.packages / "awsglue"): {"bind": "/opt/glue-local-awsglue/awsglue", "mode": "ro"},
        }
        told = {"GLUE_LOCAL_WORKER": f"{plan.worker}-{next(self._numbers)}", "GLUE_LOCAL_RUNS": "1"}
        return self._client.containers.run(
            plan.image,
            list(_COMMAND),
            detach=True,
            # The server listens on this machine's loopback.
            network_mode="host",
            cap_drop=["ALL"],
            security_opt=["no-new-privileges:true"],
            environment={**plan.environment, **told},
            labels={_OWNER: plan.owner},
            volumes=mounts,
        )

    def _bury(self, container: Any, began: float) -> None:
        self._running.pop(container)
        with contextlib.suppress(DockerException):
            said = container.logs(tail=_LAST_LINES).decode(errors="replace")
            print(said, end="", file=sys.stderr, flush=True)
        _remove(container)
        if self._clock() - began < _SHORT_LIFE:
            # Whatever ended it at once would end the next one too.
            self._not_before = self._clock() + _AFTER_A_SHORT_LIFE


def _runs(container: Any) -> bool:
    try:
        container.reload()
    except NotFound:
        return False
    return str(container.status) in ("created", "running")


def _remove(container: Any) -> None:
    with contextlib.suppress(NotFound):
        container.remove(force=True, v=True)
