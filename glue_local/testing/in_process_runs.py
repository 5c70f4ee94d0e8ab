"""Job runs in the test's own process: started and finished at the endpoint like any run, but executed here."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from glue_local.server import Server
from glue_local.services.context import Context
from glue_local.services.glue.jobs.job_runs import get_job_run, start_job_run
from glue_local.testing.account import Account
from glue_local.testing.endpoint import worker_settings
from glue_local.testing.in_process import ScriptOutput, run_here
from glue_local.testing.shared_spark_context import NeedsOwnSession, shared_context
from glue_local.worker.arguments import argument_vector, paths, spark_settings
from glue_local.worker.fetch import fetch_extras, fetch_python_path
from glue_local.worker.run_folder import Order, Result, RunFolder
from glue_local.worker_api.runs import claim, finished, started

_COMMANDS = ("glueetl", "pythonshell")
# Arguments that the JVM or the worker reads before a script starts; the test's session is already running.
_NEED_OWN_PROCESS = (
    *("--extra-jars", "--user-jars-first", "--datalake-formats", "--enable-glue-datacatalog", "--class"),
    *("--customer-driver-env-vars", "--customer-executor-env-vars"),
)


class NotInProcess(Exception):
    """The job would behave differently in this process than on AWS; the message names the fix."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}: run it in its own process with run_job(…, worker=True)")


@dataclass(frozen=True)
class InProcessRuns:
    """Executes runs in this process; ``spark`` starts the Spark session when the first Spark job needs it."""

    server: Server
    spark: Callable[[], SparkSession]

    def run(
        self, account: Account, script: Path, job: str, arguments: dict[str, str]
    ) -> tuple[dict[str, Any], str, str]:
        """Start, execute and finish a run; return its JobRun, its output and its errors.

        Raises NotInProcess if the outcome would differ in its own process.
        """
        private = self.server.private
        context = Context(self.server.store, private.clock, private.ids, account.account, account.region)
        # In one transaction: the real worker must not claim it.
        with self.server.store.transaction():
            run_id = start_job_run(context, {"JobName": job, "Arguments": arguments})["JobRunId"]
            claimed = claim(private, {"worker": "test", "commands": _COMMANDS, "run": run_id})
            if claimed is None:
                raise NotInProcess(f"{job} is a gluestreaming job and runs until it is stopped")
        started(private, claimed, run_id)
        began = time.monotonic()
        try:
            printed = self._executed(account, script, claimed)
        except BaseException as error:
            self._end(claimed, Result(error=str(error)), began)
            raise
        self._end(claimed, printed.result, began)
        run = get_job_run(context, {"JobName": job, "RunId": run_id})["JobRun"]
        return run, printed.output, printed.errors

    def _end(self, claimed: Mapping[str, Any], result: Result, began: float) -> None:
        ending = {
            "claim": claimed["claim"],
            "state": "FAILED" if result.error else "SUCCEEDED",
            "error_message": result.error,
            "execution_time": int(time.monotonic() - began),
        }
        finished(self.server.private, ending, claimed["run"]["Id"])

    def _executed(self, account: Account, script: Path, claimed: Mapping[str, Any]) -> ScriptOutput:
        folder = RunFolder(Path(tempfile.mkdtemp(prefix="glue-local-run-")) / "run").create()
        try:
            order = self._order(account, script, claimed, folder)
            if claimed["job"]["Command"]["Name"] == "pythonshell":
                return run_here(folder, order, spark=False)
            own = [name for name in _NEED_OWN_PROCESS if claimed["arguments"].get(name, "false") != "false"]
            if own:
                raise NotInProcess(f"{own[0]} takes effect before the script starts")
            path = os.pathsep.join([str(script.parent), *order.python_path])
            return _on(self.spark(), order.settings, path, lambda: run_here(folder, order, spark=True))
        finally:
            shutil.rmtree(folder.path.parent, ignore_errors=True)

    def _order(self, account: Account, script: Path, claimed: Mapping[str, Any], folder: RunFolder) -> Order:
        arguments: dict[str, str] = dict(claimed["arguments"])
        s3 = account.client("s3")
        fetch_extras(s3, arguments, folder)
        # Use files beside the script in place, so that debuggers and coverage recognise them.
        named = paths(arguments, "--extra-py-files")
        elsewhere = [path for path in named if not (script.parent / Path(path).name).is_file()]
        return Order(
            argv=argument_vector(str(script), arguments),
            python_path=fetch_python_path(s3, {**arguments, "--extra-py-files": ",".join(elsewhere)}, folder),
            environment={
                **worker_settings(self.server).run_environment(account.account),
                "GLUE_LOCAL_RUN_URL": f"{self.server.endpoint}/_glue_local/runs/{claimed['run']['Id']}",
                "GLUE_LOCAL_RUN_TOKEN": claimed["run_token"],
            },
            settings=spark_settings(arguments),
        )


def _on(session: SparkSession, settings: Mapping[str, str], path: str, run: Callable[[], ScriptOutput]) -> ScriptOutput:
    try:
        with shared_context(session, settings, path):
            return run()
    except NeedsOwnSession as refused:
        raise NotInProcess(str(refused)) from None
