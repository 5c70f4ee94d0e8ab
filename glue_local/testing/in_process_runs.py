"""Runs in the test's own process: begun and ended at the endpoint like any other, executed here."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from glue_local.private.runs import claim, finished, started
from glue_local.server import Server
from glue_local.services.context import Context
from glue_local.services.glue.job_runs import get_job_run, start_job_run
from glue_local.testing.account import Account
from glue_local.testing.endpoint import surroundings
from glue_local.testing.in_process import Printed, run_here
from glue_local.testing.lent import NeedsItsOwn, lent
from glue_local.worker.arguments import argument_vector, paths, spark_settings
from glue_local.worker.fetch import fetch_extras, fetch_python_path
from glue_local.worker.run_folder import Order, Result, RunFolder

_COMMANDS = ("glueetl", "pythonshell")
# A JVM or the worker reads these before the script begins, and the test's session runs already.
_OF_ITS_OWN = (
    *("--extra-jars", "--user-jars-first", "--datalake-formats", "--enable-glue-datacatalog", "--class"),
    *("--customer-driver-env-vars", "--customer-executor-env-vars"),
)


class NotInProcess(Exception):
    """A job that this process cannot run as AWS would; the message says what to do instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason}: run_job(…, worker=True) gives the run a process of its own")


@dataclass(frozen=True)
class Quick:
    """Executes runs here, on the Spark session that ``spark`` brings up when a job first wants one."""

    server: Server
    spark: Callable[[], SparkSession]

    def run(
        self, account: Account, script: Path, job: str, arguments: dict[str, str]
    ) -> tuple[dict[str, Any], str, str]:
        """Start a run, execute it and end it; return its JobRun, its output and its errors.

        Raises NotInProcess where the outcome would not be that of a process of its own.
        """
        private = self.server.private
        context = Context(self.server.store, private.clock, private.ids, account.account, account.region)
        # At once: the real worker takes what it finds.
        with self.server.store.transaction():
            run_id = start_job_run(context, {"JobName": job, "Arguments": arguments})["JobRunId"]
            claimed = claim(private, {"worker": "test", "commands": _COMMANDS, "run": run_id})
            if claimed is None:
                raise NotInProcess(f"{job} is a gluestreaming job, which runs until it is stopped")
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

    def _executed(self, account: Account, script: Path, claimed: Mapping[str, Any]) -> Printed:
        folder = RunFolder(Path(tempfile.mkdtemp(prefix="glue-local-run-")) / "run").create()
        try:
            order = self._order(account, script, claimed, folder)
            if claimed["job"]["Command"]["Name"] == "pythonshell":
                return run_here(folder, order, spark=False)
            own = [name for name in _OF_ITS_OWN if claimed["arguments"].get(name, "false") != "false"]
            if own:
                raise NotInProcess(f"{own[0]} is read before the script begins")
            path = os.pathsep.join([str(script.parent), *order.python_path])
            return _on(self.spark(), order.settings, path, lambda: run_here(folder, order, spark=True))
        finally:
            shutil.rmtree(folder.path.parent, ignore_errors=True)

    def _order(self, account: Account, script: Path, claimed: Mapping[str, Any], folder: RunFolder) -> Order:
        arguments: dict[str, str] = dict(claimed["arguments"])
        s3 = account.client("s3")
        fetch_extras(s3, arguments, folder)
        # Those beside the script are found there: a debugger and a coverage report then know them.
        named = paths(arguments, "--extra-py-files")
        elsewhere = [path for path in named if not (script.parent / Path(path).name).is_file()]
        return Order(
            argv=argument_vector(str(script), arguments),
            python_path=fetch_python_path(s3, {**arguments, "--extra-py-files": ",".join(elsewhere)}, folder),
            environment={
                **surroundings(self.server).run_environment(account.account),
                "GLUE_LOCAL_RUN_URL": f"{self.server.endpoint}/_glue_local/runs/{claimed['run']['Id']}",
                "GLUE_LOCAL_RUN_TOKEN": claimed["run_token"],
            },
            settings=spark_settings(arguments),
        )


def _on(session: SparkSession, settings: Mapping[str, str], path: str, run: Callable[[], Printed]) -> Printed:
    try:
        with lent(session, settings, path):
            return run()
    except NeedsItsOwn as refused:
        raise NotInProcess(str(refused)) from None
