"""The documented parts of Job that the tests use; enabling bookmarks fails, because there is no service for them."""

from typing import Any


class Job:
    def __init__(self, glue_context: Any) -> None:
        self._name = ""

    def init(self, job_name: str, args: Any = {}) -> None:  # noqa: B006
        if args.get("job_bookmark_option", "job-bookmark-disable") != "job-bookmark-disable":
            raise RuntimeError("no service for job bookmarks answers")
        self._name = job_name

    def commit(self) -> None:
        assert self._name, "commit before init"
