"""Job runs on a real worker: in a separate process, with scripts from S3 and logs in CloudWatch."""

import time
from typing import Any

from glue_local.children.supervisor import Child
from glue_local.client.executions import ENDED, Tail
from glue_local.testing.on_demand import OnDemand

_POLL_SECONDS = 0.05


class Worker(OnDemand):
    """The server's worker; the first run starts it."""

    def _child(self) -> Child:
        return self._server.worker()

    def run(self, glue: Any, logs: Any, job: str, arguments: dict[str, str]) -> tuple[dict[str, Any], str, str]:
        """Start a run and wait until it ends; return its JobRun, its output and its errors."""
        self.start()
        run_id = glue.start_job_run(JobName=job, Arguments=arguments)["JobRunId"]
        while True:
            run: dict[str, Any] = glue.get_job_run(JobName=job, RunId=run_id)["JobRun"]
            if run["JobRunState"] in ENDED:
                break
            time.sleep(_POLL_SECONDS)
        lines = list(Tail(logs, run_id).lines())
        output, errors = ("".join(f"{line.text}\n" for line in lines if line.error is error) for error in (False, True))
        return run, output, errors
