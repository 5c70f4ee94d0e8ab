"""One claimed run, from its folder to its outcome."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from glue_local.worker.drivers import RunProcess
from glue_local.worker.private_api import ClaimLost, PrivateApi, ServerUnreachable

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
    """What the server hands out: the run, its job, its account, its merged arguments, and the two secrets."""

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


def watch(claim: Claim, process: RunProcess, api: PrivateApi, clock: Callable[[], float] = time.monotonic) -> Outcome:
    """Keep a claim alive while its process runs, end the process when asked to or out of time; tell the outcome.

    Raises ClaimLost when the server has given the run up: the process is gone then, and there is nobody to tell.
    """
    began = beaten = clock()
    minutes = claim.run.get("Timeout")
    while process.exit_code() is None:
        time.sleep(_LOOK)
        if process.folder.waiting.exists():  # for a debugger, which may take its time
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


def _beat(claim: Claim, process: RunProcess, api: PrivateApi) -> str:
    try:
        return api.heartbeat(claim.run_id, claim.claim)
    except ClaimLost:
        process.end()
        raise
    except ServerUnreachable:
        # It may be starting again; if it gives the run up meanwhile, the next beat tells.
        return ""


def _outcome(process: RunProcess, seconds: int) -> Outcome:
    result, code = process.folder.read_result(), process.exit_code()
    if result is not None:
        return Outcome("FAILED" if result.error else "SUCCEEDED", result.error, seconds)
    if code is not None and code < 0:
        return Outcome("FAILED", f"The process of the script was killed by signal {-code}.", seconds)
    return Outcome("FAILED", f"The process of the script ended with exit code {code} before the script did.", seconds)
