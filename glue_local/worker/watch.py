"""Watch a claimed run until it ends, and return its outcome."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from glue_local.children.claims_api import ClaimLost
from glue_local.core.private_api import ServerUnreachable
from glue_local.worker.drivers.run_process import Running
from glue_local.worker.runs_api import RunsApi

_LOOK = 0.05
_BEAT = 1.0
_STOP_GRACE = 3.0


class Outcome(NamedTuple):
    """How a run ended: AWS's JobRunState, its error message, the seconds it ran."""

    state: str
    message: str | None
    seconds: int


@dataclass(frozen=True)
class Claim:
    """A claim from the server: the run, its job, account, merged arguments, and the two secrets."""

    run: Mapping[str, Any]
    job: Mapping[str, Any]
    account: str
    region: str
    arguments: Mapping[str, str]
    claim: str
    run_token: str

    @property
    def run_id(self) -> str:
        """The JobRun's id."""
        return str(self.run["Id"])

    @property
    def command(self) -> str:
        """``glueetl``, ``gluestreaming`` or ``pythonshell``."""
        return str(self.job["Command"]["Name"])


def watch(claim: Claim, process: Running, api: RunsApi, clock: Callable[[], float] = time.monotonic) -> Outcome:
    """Send heartbeats while the run's process runs, end it when it is stopped or out of time; return the outcome.

    Raises ClaimLost, after ending the process, if the server has ended the claim.
    """
    began = beaten = clock()
    minutes = claim.run.get("Timeout")
    while process.exit_code() is None:
        time.sleep(_LOOK)
        if process.folder.waiting.exists():  # for a debugger, which does not count
            began = clock()
        if minutes and clock() - began > 60 * minutes:
            process.end(_STOP_GRACE)
            return Outcome("TIMEOUT", f"Job run timed out after {minutes} minutes.", int(clock() - began))
        if clock() - beaten >= _BEAT:
            beaten = clock()
            if _beat(claim, process, api) == "STOPPING":
                process.end(_STOP_GRACE)
                return Outcome("STOPPED", None, int(clock() - began))
    seconds = int(clock() - began)
    process.end()
    return _outcome(process, seconds)


def _beat(claim: Claim, process: Running, api: RunsApi) -> str:
    try:
        return api.heartbeat(claim.run_id, claim.claim)
    except ClaimLost:
        process.end()
        raise
    except ServerUnreachable:
        # The server may be restarting; if it no longer expects this run, the response to the next heartbeat says so.
        return ""


def _outcome(process: Running, seconds: int) -> Outcome:
    result, code = process.folder.read_result(), process.exit_code()
    if result is not None:
        return Outcome("FAILED" if result.error else "SUCCEEDED", result.error, seconds)
    if code is not None and code < 0:
        return Outcome("FAILED", f"The script's process was killed by signal {-code}.", seconds)
    return Outcome("FAILED", f"The script's process ended with exit code {code} before the script did.", seconds)
