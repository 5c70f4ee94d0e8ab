"""Claims runs and executes them, several at once, until it is told to end."""

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from glue_local.worker.bench import Bench
from glue_local.worker.clients import Clients
from glue_local.worker.drivers import CannotStart, Drivers, RunProcess, folders_left
from glue_local.worker.job_types import JOB_TYPES
from glue_local.worker.log import say
from glue_local.worker.logs import Output
from glue_local.worker.private_api import ClaimLost, PrivateApi, ServerUnreachable
from glue_local.worker.run import Claim, Outcome, watch
from glue_local.worker.run_folder import RunFolder
from glue_local.worker.surroundings import Surroundings

_WAIT = 20.0
_TRIES = 20
_PAUSE = 1.0
_LAST_OUTPUT = 4.0  # seconds; Docker kills after ten
_STOPPED = "The worker that ran this job was stopped before the run ended."

_Answer = TypeVar("_Answer")


class Agent:
    """One worker: ``slots`` threads that each claim a run, execute it and claim the next."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._api = PrivateApi(surroundings.endpoint, surroundings.token, surroundings.data_dir / "in-touch")
        self._clients = Clients(surroundings.aws_endpoint)
        self._drivers = Drivers(surroundings)
        self._launch = dict(JOB_TYPES)
        self._left = surroundings.runs or -1  # -1 never gets to 0
        self._ending = threading.Event()
        self._running: dict[RunProcess, Claim] = {}

    def work(self) -> None:
        """Claim and execute until ``end`` is called from another thread, or as many runs as were asked for are over."""
        self._surroundings.data_dir.mkdir(parents=True, exist_ok=True)
        for left in folders_left(self._surroundings.data_dir):
            RunFolder(left).remove()
        threading.Thread(target=self._drivers.keep_warm, name="keep-warm").start()
        threading.Thread(target=self._clients.make_ready, name="clients", daemon=True).start()
        with ThreadPoolExecutor(self._surroundings.slots, thread_name_prefix="slot") as slots:
            for _ in range(self._surroundings.slots):
                slots.submit(self._slot)

    def end(self) -> None:
        """End every process of every run, and the warm drivers.

        A server that started this worker knows what its end means; another one is told, or it would have to wait for
        heartbeats that do not come.
        """
        self._ending.set()
        for process, claim in tuple(self._running.items()):
            process.end()
            if not self._surroundings.ends_with_input:
                with contextlib.suppress(ServerUnreachable, ClaimLost):
                    self._api.finished(claim.run_id, claim.claim, "FAILED", _STOPPED, 0)
        self._drivers.close()
        end = time.monotonic() + (0.0 if self._surroundings.ends_with_input else _LAST_OUTPUT)
        while self._running and time.monotonic() < end:
            time.sleep(0.05)

    def _slot(self) -> None:
        # The first claim does not wait: a health check looks for a worker that the server has answered.
        said, wait = "", 0.0
        while not self._ending.is_set() and self._left != 0:
            try:
                self._one_run(wait)
                said, wait = "", _WAIT
            except (ServerUnreachable, ClaimLost) as trouble:
                if str(trouble) != said:  # a server may be away for hours
                    said = str(trouble)
                    say(said)
                self._ending.wait(_PAUSE)
            except Exception as error:  # noqa: BLE001 - the outermost loop of a worker: one run must not end the others
                say(f"{type(error).__name__}: {error}")
                self._ending.wait(_PAUSE)

    def _one_run(self, wait: float) -> None:
        claimed = self._api.claim(self._surroundings.worker, tuple(self._launch), wait)
        if claimed is None or self._ending.is_set():
            return
        claim = Claim(**claimed)
        self._left -= 1
        self._drivers.expect(self._left)
        with _Beating(claim, self._api) as beating:
            try:
                process = self._launch[claim.command](self._bench(claim))
            except CannotStart as problem:
                self._finish(claim, Outcome("FAILED", str(problem), 0))
                return
            except Exception as error:
                # Whatever it is, the next worker would meet it too: the run must not go round for ever.
                reason = f"glue-local could not start the run: {type(error).__name__}: {error}"
                self._finish(claim, Outcome("FAILED", reason, 0))
                raise
        self._execute(claim, process, stopped=beating.stopped)

    def _execute(self, claim: Claim, process: RunProcess, *, stopped: bool) -> None:
        self._running[process] = claim
        output = Output(
            self._clients.client("logs", claim.account, claim.region), claim.run_id, self._groups(claim, process)
        )
        try:
            # Said before the script begins: a worker that dies in between must not have it run twice.
            if stopped or self._started(claim, process) == "STOPPING":
                process.end()
                outcome = Outcome("STOPPED", None, 0)
            else:
                process.go_on()
                outcome = watch(claim, process, self._api)
        finally:
            process.end()
            # Much output takes a while to ship, and the run is not lost meanwhile.
            with _Beating(claim, self._api):
                output.close()
            self._running.pop(process)
            if not self._surroundings.keep_runs:
                process.folder.remove()
        if not self._ending.is_set():
            self._finish(claim, outcome)

    def _started(self, claim: Claim, process: RunProcess) -> str:
        hashes = process.folder.read_order().hashes
        return self._insist(lambda: self._api.started(claim.run_id, claim.claim, hashes))

    def _finish(self, claim: Claim, outcome: Outcome) -> None:
        self._insist(lambda: self._api.finished(claim.run_id, claim.claim, *outcome))

    def _insist(self, call: Callable[[], _Answer]) -> _Answer:
        """Return the server's answer, waiting for one that is starting again; raises ServerUnreachable in the end."""
        for attempt in range(_TRIES):
            try:
                return call()
            except ServerUnreachable:
                time.sleep(min(0.1 * 2**attempt, 2.0))
        return call()

    def _bench(self, claim: Claim) -> Bench:
        environment = self._surroundings.run_environment(claim.account) | {
            # In the User-Agent of whatever it calls, so that the endpoint knows whose call it is; SDKs take 50 characters.
            "AWS_SDK_UA_APP_ID": claim.run_id[:46],
            "AWS_REGION": claim.region,
            "AWS_DEFAULT_REGION": claim.region,
            "GLUE_LOCAL_RUN_URL": f"{self._surroundings.endpoint}/_glue_local/runs/{claim.run_id}",
            "GLUE_LOCAL_RUN_TOKEN": claim.run_token,
            "GLUE_LOCAL_GLUE_VERSION": str(claim.run.get("GlueVersion", "")),
        }
        return Bench(claim, self._clients.client("s3", claim.account, claim.region), self._drivers, environment)

    def _groups(self, claim: Claim, process: RunProcess) -> dict[Any, str]:
        group = claim.run.get("LogGroupName", "/aws-glue/jobs")
        return {process.folder.stdout: f"{group}/output", process.folder.stderr: f"{group}/error"}


class _Beating:
    """Keeps a claim alive while no process of it runs: it is still being made, or its output is on its way."""

    def __init__(self, claim: Claim, api: PrivateApi) -> None:
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
