"""Find the local run that tested a job's script, by the SHA-256 of the script it executed."""

from typing import Any

from glue_local.core.private_api import PrivateApi, ServerUnreachable
from glue_local.promote.checks.finding import CARRIERS, argument_files, arguments
from glue_local.promote.definition.desired import Resource
from glue_local.promote.kinds.scripts import digest
from glue_local.promote.plan.plan import DELETE, Plan

_MAPS = (("DefaultArguments",), ("NonOverridableArguments",))


def jobs_to_test(plan: Plan) -> list[Resource]:
    """Return the jobs whose script, modules, JARs or files the plan changes."""
    return [
        step.resource
        for step in plan.steps
        if step.resource.kind == "jobs"
        and step.action != DELETE
        and any(_moves_bytes(change.path) for change in step.changes)
    ]


def _moves_bytes(path: tuple[str, ...]) -> bool:
    return path[0] == "Command" or path in _MAPS or path[-1] in ("--scriptLocation", *CARRIERS)


def evidence(plan: Plan, endpoint: str) -> dict[str, Any]:
    """Return the latest SUCCEEDED local run of each job's script with its argument files, or None, by job name.

    Raises ConnectionError if the local server does not respond.
    """
    hashes = {each.name: digest(each.request["Body"]) for each in plan.resources if "Body" in each.request}
    return {job.name: _run(job, hashes, endpoint) for job in jobs_to_test(plan)}


def _run(job: Resource, hashes: dict[str, str], endpoint: str) -> dict[str, Any] | None:
    script = arguments(job).get("--scriptLocation") or job.request["Command"].get("ScriptLocation", "")
    if any(path not in hashes for path in (script, *argument_files(job))):
        return None
    needed = {hashes[path] for path in argument_files(job)}
    runs = _runs(endpoint, hashes[script])
    return next((run for run in runs if needed <= set(run["Files"].values())), None)


def _runs(endpoint: str, sha256: str) -> list[dict[str, Any]]:
    try:
        return list(PrivateApi(endpoint).get(f"executed/{sha256}")["Runs"])
    except ServerUnreachable as error:
        raise ConnectionError(f"{endpoint}: {error}") from None
