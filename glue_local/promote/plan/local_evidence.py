"""Which local run tested a job's script: asked of the local endpoint by the SHA-256 of the bytes it executed."""

import json
import urllib.error
import urllib.request
from typing import Any

from glue_local.promote.desired import Resource
from glue_local.promote.kinds.scripts import digest
from glue_local.promote.planning import DELETE, Plan
from glue_local.promote.preflight.finding import CARRIERS, arguments, carried

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_MAPS = (("DefaultArguments",), ("NonOverridableArguments",))


def jobs_to_test(plan: Plan) -> list[Resource]:
    """Return the jobs that the plan gives another script, other modules, JARs or files than the account has."""
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
    """Return, by job, the latest SUCCEEDED local run of its script with all that its arguments name; None for one without.

    Raises ConnectionError when no local endpoint answers.
    """
    hashes = {each.name: digest(each.request["Body"]) for each in plan.resources if "Body" in each.request}
    return {job.name: _run(job, hashes, endpoint) for job in jobs_to_test(plan)}


def _run(job: Resource, hashes: dict[str, str], endpoint: str) -> dict[str, Any] | None:
    script = arguments(job).get("--scriptLocation") or job.request["Command"].get("ScriptLocation", "")
    if any(path not in hashes for path in (script, *carried(job))):
        return None
    needed = {hashes[path] for path in carried(job)}
    runs = _runs(endpoint, hashes[script])
    return next((run for run in runs if needed <= set(run["Files"].values())), None)


def _runs(endpoint: str, sha256: str) -> list[dict[str, Any]]:
    url = f"{endpoint}/_glue_local/executed/{sha256}"
    try:
        with _DIRECT.open(url, timeout=10) as response:
            return list(json.load(response)["Runs"])
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise ConnectionError(f"{url}: {error}") from None
