"""The worker containers of one server: one per concurrent run, and each executes exactly one run."""

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
_FAILED_START, _AFTER_FAILED_START = 5.0, 10.0  # seconds
_LAST_LINES = 50
# In the image's login shell, because its profile may set PYTHONPATH.
# Not plain python3 first: Amazon Linux 2023 has another one for the system.
_COMMAND = (
    "-c",
    "export PYTHONPATH=/opt/glue-local:$PYTHONPATH; "
    'exec "$(command -v python3.11 || command -v python3)" -m glue_local.worker',
)


@dataclass(frozen=True)
class Plan:
    """What all containers of a server have in common."""

    image: str
    owner: str
    """The data directory, which one server at a time uses."""
    worker: str
    """The prefix of the workers' names."""
    size: int
    environment: Mapping[str, str]
    packages: Path
    """The folder that holds glue_local, awsglue, awsgluedq and awsglueml."""


class Pool:
    """Keeps ``plan.size`` containers running. A container ends after its run and is replaced."""

    def __init__(self, client: Any, plan: Plan, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._plan, self._clock = client, plan, clock
        self._running: dict[Any, float] = {}
        self._numbers = count(1)
        self._not_before = float("-inf")

    def fill(self, is_ending: Callable[[], bool] = lambda: False) -> None:
        """Remove containers that have ended and start new ones, until ``is_ending``."""
        for container, began in list(self._running.items()):
            if not _is_running(container):
                self._remove_ended(container, began)
        while len(self._running) < self._plan.size and self._clock() >= self._not_before and not is_ending():
            self._running[self._start()] = self._clock()

    def remove_all(self) -> None:
        """Remove every container of this data directory, including those of a killed server."""
        mine = {"label": f"{_OWNER}={self._plan.owner}"}
        for container in self._client.containers.list(all=True, filters=mine, ignore_removed=True):
            _remove(container)
        self._running.clear()

    def _start(self) -> Any:
        plan = self._plan
        mounts = {
            str(plan.packages / "glue_local"): {"bind": "/opt/glue-local/glue_local", "mode": "ro"},
            # The image has neither of these two.
            str(plan.packages / "awsgluedq"): {"bind": "/opt/glue-local/awsgluedq", "mode": "ro"},
            str(plan.packages / "awsglueml"): {"bind": "/opt/glue-local/awsglueml", "mode": "ro"},
            str(plan.packages / "awsglue"): {"bind": "/opt/glue-local-awsglue/awsglue", "mode": "ro"},
        }
        own = {"GLUE_LOCAL_WORKER": f"{plan.worker}-{next(self._numbers)}", "GLUE_LOCAL_RUNS": "1"}
        return self._client.containers.run(
            plan.image,
            list(_COMMAND),
            detach=True,
            # The server listens on the host's loopback.
            network_mode="host",
            cap_drop=["ALL"],
            security_opt=["no-new-privileges:true"],
            environment={**plan.environment, **own},
            labels={_OWNER: plan.owner},
            volumes=mounts,
        )

    def _remove_ended(self, container: Any, began: float) -> None:
        self._running.pop(container)
        with contextlib.suppress(DockerException):
            logs = container.logs(tail=_LAST_LINES).decode(errors="replace")
            print(logs, end="", file=sys.stderr, flush=True)
        _remove(container)
        if self._clock() - began < _FAILED_START:
            # The next one would probably fail at its start as well.
            self._not_before = self._clock() + _AFTER_FAILED_START


def _is_running(container: Any) -> bool:
    try:
        container.reload()
    except NotFound:
        return False
    return str(container.status) in ("created", "running")


def _remove(container: Any) -> None:
    with contextlib.suppress(NotFound):
        container.remove(force=True, v=True)
