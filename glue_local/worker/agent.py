"""Claim runs and execute them concurrently until stopped."""

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from glue_local.children.claims_api import ClaimLost
from glue_local.core.private_api import ServerUnreachable
from glue_local.worker.arguments import METRICS, OBSERVABILITY, is_on
from glue_local.worker.clients import Clients
from glue_local.worker.cloudwatch_logs import Output
from glue_local.worker.drivers.driver_pool import DriverPool, folders_left
from glue_local.worker.drivers.run_process import CannotStart, Running
from glue_local.worker.isolation.marked_processes import RUN_FOLDER, end_marked
from glue_local.worker.job_types import JOB_TYPES, pythonshell
from glue_local.worker.launch_context import LaunchContext
from glue_local.worker.log import say
from glue_local.worker.run_folder import RunFolder
from glue_local.worker.runs_api import RunsApi
from glue_local.worker.settings import Settings
from glue_local.worker.telemetry.cloudwatch_metrics import RunMetricsOutput, put_outcome
from glue_local.worker.telemetry.spark_event_logs import EventLogs, destination
from glue_local.worker.watch import Claim, Outcome, watch

_WAIT = 20.0
_TRIES = 20
_PAUSE = 1.0
_LAST_OUTPUT = 4.0  # seconds; Docker kills after ten
_STOPPED = "The worker that ran this job was stopped before the run ended."

_Answer = TypeVar("_Answer")


class Agent:
    """One worker: ``slots`` threads that each claim a run, execute it and claim the next."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._api = RunsApi(settings.endpoint, settings.token, settings.data_dir / "in-touch")
        self._clients = Clients(settings.aws_endpoint)
        self._drivers = DriverPool(settings)
        self._launch = dict(JOB_TYPES)
        self._left = settings.runs or -1  # -1 never gets to 0
        self._ending = threading.Event()
        self._running: dict[Running, Claim] = {}

    def work(self) -> None:
        """Claim and execute until ``end`` is called from another thread, or the requested number of runs has ended."""
        self._settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._remove_what_is_left()
        threading.Thread(target=self._drivers.keep_warm, name="keep-warm").start()
        threading.Thread(target=self._clients.make_ready, name="clients", daemon=True).start()
        with ThreadPoolExecutor(self._settings.slots, thread_name_prefix="slot") as slots:
            for _ in range(self._settings.slots):
                slots.submit(self._slot)

    def _remove_what_is_left(self) -> None:
        """End the processes and remove the folders of an earlier worker that was killed."""
        folders = folders_left(self._settings.data_dir)
        homes = {str(folder) for folder in folders}
        end_marked(RUN_FOLDER, lambda folder: folder in homes)
        for folder in folders:
            RunFolder(folder).remove()

    def end(self) -> None:
        """End every process of every run, and the warm drivers.

        A server that started this worker sees it end; any other server has to be informed, or it would wait for
        heartbeats until they time out.
        """
        self._ending.set()
        for process, claim in tuple(self._running.items()):
            process.end()
            if not self._settings.ends_with_input:
                with contextlib.suppress(ServerUnreachable, ClaimLost):
                    self._api.finished(claim.run_id, claim.claim, "FAILED", _STOPPED, 0)
        self._drivers.close()
        end = time.monotonic() + (0.0 if self._settings.ends_with_input else _LAST_OUTPUT)
        while self._running and time.monotonic() < end:
            time.sleep(0.05)

    def _slot(self) -> None:
        # The first claim does not wait: the health check succeeds once the server has answered this worker.
        said, wait = "", 0.0
        while not self._ending.is_set() and self._left != 0:
            try:
                self._one_run(wait)
                said, wait = "", _WAIT
            except (ServerUnreachable, ClaimLost) as trouble:
                if str(trouble) != said:  # a server may be down for hours
                    said = str(trouble)
                    say(said)
                self._ending.wait(_PAUSE)
            except Exception as error:  # noqa: BLE001 - the outermost loop of a slot: one run must not end the others
                say(f"{type(error).__name__}: {error}")
                self._ending.wait(_PAUSE)

    def _one_run(self, wait: float) -> None:
        claimed = self._api.claim(self._settings.worker, tuple(self._launch), wait)
        if claimed is None or self._ending.is_set():
            return
        claim = Claim(**claimed)
        self._left -= 1
        self._drivers.expect(self._left)
        with _Beating(claim, self._api) as beating:
            try:
                process = self._launch[claim.command](self._launch_context(claim))
            except CannotStart as problem:
                self._finish(claim, Outcome("FAILED", str(problem), 0))
                return
            except Exception as error:
                # The next worker would fail likewise: do not queue the run again.
                reason = f"glue-local could not start the run: {type(error).__name__}: {error}"
                self._finish(claim, Outcome("FAILED", reason, 0))
                raise
        self._execute(claim, process, stopped=beating.stopped)

    def _execute(self, claim: Claim, process: Running, *, stopped: bool) -> None:
        self._running[process] = claim
        output = Output(
            self._clients.client("logs", claim.account, claim.region), claim.run_id, self._groups(claim, process)
        )
        observed = self._observed(claim, process)
        try:
            # Report this before the script starts: if the worker dies in between, the script must not run twice.
            if stopped or self._started(claim, process) == "STOPPING":
                process.end()
                outcome = Outcome("STOPPED", None, 0)
            else:
                process.go_on()
                outcome = watch(claim, process, self._api)
        finally:
            process.end()
            # Shipping much output takes a while; keep the claim alive.
            with _Beating(claim, self._api):
                for each in (output, *observed):
                    each.close()
            self._running.pop(process)
            self._drivers.give_back(process)
        if not self._ending.is_set():
            if is_on(claim.arguments, OBSERVABILITY) and claim.command != pythonshell.COMMAND:
                cloudwatch = self._clients.client("cloudwatch", claim.account, claim.region)
                put_outcome(cloudwatch, claim.run, outcome.state == "SUCCEEDED", outcome.message)
            self._finish(claim, outcome)

    def _observed(self, claim: Claim, process: Running) -> list[RunMetricsOutput | EventLogs]:
        """Return what copies metrics and event logs of a Spark run to CloudWatch and S3, if its arguments ask for them."""
        found: list[RunMetricsOutput | EventLogs] = []
        if claim.command == pythonshell.COMMAND:
            return found
        if is_on(claim.arguments, METRICS):
            cloudwatch = self._clients.client("cloudwatch", claim.account, claim.region)
            found.append(RunMetricsOutput(cloudwatch, claim.run, process.folder))
        to = destination(claim.arguments)
        if to:
            found.append(EventLogs(self._clients.client("s3", claim.account, claim.region), process.folder, to))
        return found

    def _started(self, claim: Claim, process: Running) -> str:
        hashes = process.folder.read_order().hashes
        return self._insist(lambda: self._api.started(claim.run_id, claim.claim, hashes))

    def _finish(self, claim: Claim, outcome: Outcome) -> None:
        self._insist(lambda: self._api.finished(claim.run_id, claim.claim, *outcome))

    def _insist(self, call: Callable[[], _Answer]) -> _Answer:
        """Return the server's answer; retry while it restarts, then raise ServerUnreachable."""
        for attempt in range(_TRIES):
            try:
                return call()
            except ServerUnreachable:
                time.sleep(min(0.1 * 2**attempt, 2.0))
        return call()

    def _launch_context(self, claim: Claim) -> LaunchContext:
        environment = self._settings.run_environment(claim.account) | {
            # Sent in the User-Agent of every call, so that the endpoint can tell which run makes a call; SDKs accept 50 characters.
            "AWS_SDK_UA_APP_ID": claim.run_id[:46],
            "AWS_REGION": claim.region,
            "AWS_DEFAULT_REGION": claim.region,
            "GLUE_LOCAL_RUN_URL": f"{self._settings.endpoint}/_glue_local/runs/{claim.run_id}",
            "GLUE_LOCAL_RUN_TOKEN": claim.run_token,
            "GLUE_LOCAL_GLUE_VERSION": str(claim.run.get("GlueVersion", "")),
        }
        return LaunchContext(claim, self._clients.client("s3", claim.account, claim.region), self._drivers, environment)

    def _groups(self, claim: Claim, process: Running) -> dict[Any, str]:
        group = claim.run.get("LogGroupName", "/aws-glue/jobs")
        return {process.folder.stdout: f"{group}/output", process.folder.stderr: f"{group}/error"}


class _Beating:
    """Sends heartbeats for a claim while no process runs: while one is being started, or output is being shipped."""

    def __init__(self, claim: Claim, api: RunsApi) -> None:
        self._claim, self._api = claim, api
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self.stopped = False

    def __enter__(self) -> "_Beating":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._done.wait(1.0):
            try:
                self.stopped |= self._api.heartbeat(self._claim.run_id, self._claim.claim) == "STOPPING"
            except ServerUnreachable as trouble:
                say(str(trouble))
            except ClaimLost:
                return
