"""Watching a run: timeout, stop, lost claim."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from glue_local.children.claims_api import ClaimLost
from glue_local.core.private_api import ServerUnreachable
from glue_local.worker.run_folder import Result, RunFolder
from glue_local.worker.watch import Claim, Outcome, watch


class Process:
    """A fake process that runs until it is stopped, or for a number of polls."""

    def __init__(self, folder: RunFolder, looks: int | None = None, code: int = 0) -> None:
        self.folder, self._looks, self._code = folder, looks, code
        self.ended = False

    def exit_code(self) -> int | None:
        if self._looks is not None:
            self._looks -= 1
        return self._code if self.ended or self._looks == 0 else None

    def end(self, grace: float = 0.0) -> None:
        self.ended = True


class Api:
    """A fake server that answers each heartbeat with the next state."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)

    def heartbeat(self, run_id: str, claim: str) -> str:
        answer = self._answers.pop(0) if self._answers else "RUNNING"
        if isinstance(answer, Exception):
            raise answer
        return str(answer)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run").create()


def claim(**run: Any) -> Claim:
    return Claim({"Id": "jr_1", **run}, {"Command": {"Name": "pythonshell"}}, "1", "r", {}, "c", "t")


def watched(process: Process, api: Api, seconds_a_look: float = 1.0, **run: Any) -> Outcome:
    ticks = count(0.0, seconds_a_look)
    return watch(claim(**run), process, api, clock=lambda: next(ticks))  # type: ignore[arg-type]


def test_a_result_determines_the_state(folder: RunFolder) -> None:
    folder.write_result(Result())
    assert watched(Process(folder, looks=3), Api()).state == "SUCCEEDED"
    folder.write_result(Result(error="ValueError: x"))
    assert watched(Process(folder, looks=3), Api())[:2] == ("FAILED", "ValueError: x")


def test_without_a_result_the_process_failed(folder: RunFolder) -> None:
    assert watched(Process(folder, looks=2, code=0), Api())[:2] == (
        "FAILED",
        "The script's process ended with exit code 0 before the script did.",
    )


def test_a_run_that_times_out_is_stopped(folder: RunFolder) -> None:
    process = Process(folder)
    outcome = watched(process, Api(), seconds_a_look=30.0, Timeout=1)
    assert outcome.state == "TIMEOUT"
    assert "1 minutes" in (outcome.message or "")
    assert process.ended


def test_a_stopping_run_is_stopped(folder: RunFolder) -> None:
    process = Process(folder)
    assert watched(process, Api("RUNNING", "STOPPING")).state == "STOPPED"
    assert process.ended


def test_a_lost_claim_ends_the_process_without_a_report(folder: RunFolder) -> None:
    process = Process(folder)
    with pytest.raises(ClaimLost):
        watched(process, Api(ClaimLost("gone")))
    assert process.ended


def test_a_temporarily_unreachable_server_has_no_effect(folder: RunFolder) -> None:
    folder.write_result(Result())
    assert (
        watched(Process(folder, looks=6), Api(ServerUnreachable("away"), ServerUnreachable("away"))).state
        == "SUCCEEDED"
    )
