"""The ``run_job`` fixture: upload a job's definition and files to the test's account, and run it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glue_local.promote.aws_partitions import partition_of
from glue_local.promote.definition import shapes
from glue_local.promote.definition.document import read
from glue_local.testing.account import Account
from glue_local.testing.in_process_runs import InProcessRuns
from glue_local.testing.on_worker import Worker
from glue_local.worker.arguments import paths

_LAST_LINES = 20


@dataclass(frozen=True)
class JobRun:
    """The outcome of a run: state and error message, the text of both streams, and the JobRun from GetJobRun."""

    job: str
    state: str
    error: str | None
    output: str
    errors: str
    run: Mapping[str, Any]

    @property
    def succeeded(self) -> bool:
        """Whether the state is SUCCEEDED."""
        return self.state == "SUCCEEDED"

    def __repr__(self) -> str:
        """Return state, error and last lines, for the message of a failed assertion."""
        lines = [f"  | {line}" for line in (self.output + self.errors).splitlines()]
        omitted = [f"  | … {len(lines) - _LAST_LINES} earlier lines"] if len(lines) > _LAST_LINES else []
        return "\n".join([f"{self.job}: {self.state} {self.error or ''}".rstrip(), *omitted, *lines[-_LAST_LINES:]])


@dataclass(frozen=True)
class RunJob:
    """The ``run_job`` fixture: call it with a job's name or a script's path."""

    account: Account
    home: Path
    in_process: InProcessRuns
    worker: Worker

    def __call__(
        self,
        job: str | Path,
        arguments: Mapping[str, Any] | None = None,
        *,
        worker: bool = False,
        definition: Mapping[str, Any] | None = None,
    ) -> JobRun:
        """Run a job once and return its outcome.

        ``job`` is a job's name, with its script ``<name>.py`` in the jobs folder, or the path of a script. A YAML file
        beside the script is its CreateJob request; ``definition`` overrides its members. ``arguments`` are the run's
        Arguments, with or without leading dashes. The script runs in this process on the test's Spark session, or
        with ``worker`` in its own process, like on a server. Failed runs are not retried.
        """
        script = self._script(job)
        request = self._request(script, definition or {})
        self._bring(script, request)
        given = {f"--{key.lstrip('-')}": str(value) for key, value in (arguments or {}).items()}
        if worker:
            glue, logs = self.account.client("glue"), self.account.client("logs")
            run, output, errors = self.worker.run(glue, logs, request["Name"], given)
        else:
            run, output, errors = self.in_process.run(self.account, script, request["Name"], given)
        return JobRun(request["Name"], run["JobRunState"], run.get("ErrorMessage"), output, errors, run)

    def _script(self, job: str | Path) -> Path:
        named = Path(job)
        script = named if named.suffix == ".py" else self.home / f"{job}.py"
        if not script.is_file():
            raise FileNotFoundError(
                f"run_job({str(job)!r}): {script} does not exist: pass a script's path, or the name of a job in the"
                " folder that glue_local_jobs names in pytest's configuration"
            )
        return script.resolve()

    def _request(self, script: Path, over: Mapping[str, Any]) -> dict[str, Any]:
        written = script.with_suffix(".yaml")
        request: dict[str, Any] = {"Name": script.stem, "Role": "glue-local"}
        if written.is_file():
            region, account = self.account.region, self.account.account
            here = {"AWS::Region": region, "AWS::AccountId": account, "AWS::Partition": partition_of(region)}
            found = read(written, here)
            shapes.check(found, shapes.request_shape("glue", "CreateJob"), "CreateJob")
            request = dict(found.value)
        request |= over
        default = {"Name": "glueetl", "ScriptLocation": f"s3://glue-local-scripts/{script.name}"}
        return {**request, "Command": {**default, **request.get("Command", {})}, "MaxRetries": 0}

    def _bring(self, script: Path, request: Mapping[str, Any]) -> None:
        """Create or update the job, and upload its script and the argument files beside the script."""
        self.account.put(request["Command"]["ScriptLocation"], script.read_bytes())
        fixed = {**request.get("DefaultArguments", {}), **request.get("NonOverridableArguments", {})}
        for key in ("--extra-py-files", "--extra-files"):
            for location in paths(fixed, key):
                beside = script.parent / location.rsplit("/", 1)[-1]
                if beside.is_file():
                    self.account.put(location, beside.read_bytes())
        glue = self.account.client("glue")
        if request["Name"] in glue.list_jobs()["JobNames"]:
            update = {key: value for key, value in request.items() if key not in ("Name", "Tags")}
            glue.update_job(JobName=request["Name"], JobUpdate=update)
        else:
            glue.create_job(**request)
