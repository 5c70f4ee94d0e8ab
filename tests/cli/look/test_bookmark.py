import json
from dataclasses import replace
from typing import Any

import pytest

from glue_local.worker_api.bookmarks import commit
from glue_local.worker_api.runs import claim, finished, started

_STATE = {"orders": {"newest": 5}}


@pytest.fixture
def run(aws: Any, endpoint: Any, request: pytest.FixtureRequest) -> tuple[str, str]:
    """A job whose first run has committed a bookmark, and that run."""
    name = request.node.name.removeprefix("test_")
    aws("glue").create_job(Name=name, Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"})
    run_id = aws("glue").start_job_run(JobName=name)["JobRunId"]
    claimed = claim(endpoint.private, {"worker": "test", "commands": ["glueetl"], "wait": 20})
    assert claimed is not None
    held = {"claim": claimed["claim"]}
    commit(replace(endpoint.private, bearer=claimed["run_token"]), {**held, "JobBookmark": json.dumps(_STATE)}, run_id)
    started(endpoint.private, held, run_id)
    finished(endpoint.private, {**held, "state": "SUCCEEDED", "execution_time": 1}, run_id)
    return name, run_id


def test_a_bookmark_is_shown(cli: Any, run: tuple[str, str]) -> None:
    job, run_id = run
    assert f"{job}: version 2, run 2, attempt 0\n" in cli("bookmark", "show", job).output
    assert json.loads(cli("bookmark", "show", job, "--json").output)["JobBookmark"] == _STATE
    assert json.loads(cli("bookmark", "show", job, "--run", run_id, "--json").output)["JobBookmark"] == _STATE


def test_a_bookmark_is_reset(cli: Any, run: tuple[str, str]) -> None:
    job, run_id = run
    assert cli("bookmark", "reset", job).output == f"{job}: the next run reads everything\n"
    assert json.loads(cli("bookmark", "show", job, "--json").output)["JobBookmark"] == {}
    assert f"what came after run {run_id}" in cli("bookmark", "reset", job, "--run", run_id).output
    assert json.loads(cli("bookmark", "reset", job, "--run", run_id, "--json").output)["JobBookmark"] == _STATE


def test_wrong_uses_are_reported_with_the_fix(cli: Any, run: tuple[str, str], aws: Any) -> None:
    job, _ = run
    assert cli("bookmark", "show", f"{job}s").stderr == f"glue-local: job {job}s does not exist: did you mean {job}?\n"
    assert f"run jr_9 left no bookmark of {job}" in cli("bookmark", "reset", job, "--run", "jr_9").stderr
    aws("glue").create_job(
        Name="forgetful", Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://scripts/a.py"}
    )
    assert "forgetful has no bookmark yet: its runs keep one with" in cli("bookmark", "show", "forgetful").stderr
    assert cli("bookmark", "rest", job).exit_code == 2
