"""Which runs executed a script."""

from collections.abc import Callable
from typing import Any


def test_succeeded_runs_of_a_script_are_listed_latest_first(
    call: Callable[..., Any], take: Callable[..., Any], finish: Callable[..., Any], job: Callable[..., str], aws: Any
) -> None:
    name, ended = job(), []
    for state in ("SUCCEEDED", "FAILED", "SUCCEEDED"):
        aws("glue").start_job_run(JobName=name)
        work = take()
        call(f"runs/{work.run_id}/started", claim=work.claim, hashes={"": "a" * 64, "m.py": "b" * 64})
        _, running = call(f"executed/{'a' * 64}", method="GET")
        assert work.run_id not in [run["RunId"] for run in running["Runs"]]
        finish(work, state)
        ended.append(work.run_id)
    status, answer = call(f"executed/{'a' * 64}", method="GET", token="unknown")
    assert status == 200
    assert {run["RunId"] for run in answer["Runs"]} == {ended[0], ended[2]}
    assert {run["JobName"] for run in answer["Runs"]} == {name}
    assert answer["Runs"][0]["Files"] == {"m.py": "b" * 64}
    assert call(f"executed/{'c' * 64}", method="GET") == (200, {"Runs": []})
