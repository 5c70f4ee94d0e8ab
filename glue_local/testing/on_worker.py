"""A run through the real worker: a process of its own, fetched from S3, with its logs in CloudWatch."""

import time
from types import TracebackType
from typing import Any

from glue_local.executions import ENDED, Tail
from glue_local.server import Server
from glue_local.supervise import Supervisor

_LOOK = 0.05


class Worker:
    """The server's worker, started by the first run."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._supervisor: Supervisor | None = None

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._supervisor:
            self._supervisor.close()

    def start(self) -> None:
        """Start the process unless it runs."""
        if self._supervisor is None:
            self._supervisor = Supervisor([self._server.worker()], self._server.settings.data_dir)
            self._supervisor.start()

    def run(self, glue: Any, logs: Any, job: str, arguments: dict[str, str]) -> tuple[dict[str, Any], str, str]:
        """Start a run and wait for its end; return its JobRun, its output and its errors."""
        self.start()
        run_id = glue.start_job_run(JobName=job, Arguments=arguments)["JobRunId"]
        while True:
            run: dict[str, Any] = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
            if run["JobRunState"] in ENDED:
                break
            time.sleep(_LOOK)
        lines = list(Tail(logs, run_id).lines())
        output, errors = ("".join(f"{line.text}\n" for line in lines if line.error is error) for error in (False, True))
        return run, output, errors
