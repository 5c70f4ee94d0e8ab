"""Bookmarks: read and committed by runs, read and reset by clients."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Aws = Callable[..., Any]


def committed(call: Any, work: Any, state: Any) -> tuple[int, Any]:
    answer: tuple[int, Any] = call(
        f"runs/{work.run_id}/bookmark", method="PUT", token=work.token, JobBookmark=json.dumps(state)
    )
    return answer


@pytest.fixture
def begin(aws: Aws, take: Any) -> Callable[[str], Any]:
    def begin(name: str) -> Any:
        aws("glue").start_job_run(JobName=name)
        return take()

    return begin


def test_versions_and_runs_are_counted_as_on_aws(aws: Aws, job: Any, begin: Any, call: Any, finish: Any) -> None:
    name, glue = job(), aws("glue")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job_bookmark(JobName=name)
    first = begin(name)
    assert call(f"runs/{first.run_id}/bookmark", method="GET", token=first.token)[1]["JobBookmarkEntry"] is None
    committed(call, first, {"ctx": 1})
    finish(first, "SUCCEEDED")
    entry = glue.get_job_bookmark(JobName=name)["JobBookmarkEntry"]
    assert (entry["Version"], entry["Run"], entry["Attempt"], entry["RunId"]) == (2, 2, 0, first.run_id)
    second = begin(name)
    committed(call, second, {"ctx": 2})
    finish(second, "SUCCEEDED")
    entry = glue.get_job_bookmark(JobName=name)["JobBookmarkEntry"]
    assert (entry["Version"], entry["Run"], entry["PreviousRunId"]) == (4, 3, first.run_id)
    assert json.loads(entry["JobBookmark"]) == {"ctx": 2}


def test_only_a_runs_token_grants_access_to_its_bookmark(job: Any, begin: Any, call: Any, finish: Any) -> None:
    work = begin(job())
    assert call(f"runs/{work.run_id}/bookmark", method="GET", token="guess")[0] == 403
    assert call(f"runs/{work.run_id}/bookmark", method="GET")[0] == 403, "the server's token is not valid for a run"
    finish(work, "SUCCEEDED")
    assert committed(call, work, {})[0] == 403, "the run has ended"


def test_the_second_of_two_runs_with_the_same_bookmark_cannot_commit(
    job: Any, begin: Any, call: Any, finish: Any
) -> None:
    name = job(ExecutionProperty={"MaxConcurrentRuns": 2})
    one, two = begin(name), begin(name)
    for work in (one, two):
        call(f"runs/{work.run_id}/bookmark", method="GET", token=work.token)
    assert committed(call, one, {"ctx": 1})[0] == 200
    status, answer = committed(call, two, {"ctx": 2})
    assert status == 409
    assert "version" in answer["message"]
    for work in (one, two):
        finish(work, "SUCCEEDED")


def test_reset_deletes_all_or_goes_back_to_a_run(aws: Aws, job: Any, begin: Any, call: Any, finish: Any) -> None:
    name, glue = job(), aws("glue")
    runs = []
    for state in ({"ctx": 1}, {"ctx": 2}):
        work = begin(name)
        committed(call, work, state)
        finish(work, "SUCCEEDED")
        runs.append(work.run_id)
    rewound = glue.reset_job_bookmark(JobName=name, RunId=runs[0])["JobBookmarkEntry"]
    assert json.loads(rewound["JobBookmark"]) == {"ctx": 1}
    assert json.loads(glue.reset_job_bookmark(JobName=name)["JobBookmarkEntry"]["JobBookmark"]) == {}
    glue.delete_job(JobName=name)
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_job_bookmark(JobName=name)


def test_a_paused_run_gets_the_bookmarks_of_two_runs(job: Any, begin: Any, call: Any, finish: Any) -> None:
    name = job()
    runs = []
    for state in ({"ctx": 1}, {"ctx": 2}):
        work = begin(name)
        committed(call, work, state)
        finish(work, "SUCCEEDED")
        runs.append(work.run_id)
    work = begin(name)
    path = f"runs/{work.run_id}/bookmark?from={runs[0]}&to={runs[1]}"
    answer = call(path, method="GET", token=work.token)[1]
    assert json.loads(answer["From"]["JobBookmark"]) == {"ctx": 1}
    assert json.loads(answer["To"]["JobBookmark"]) == {"ctx": 2}
    finish(work, "SUCCEEDED")
