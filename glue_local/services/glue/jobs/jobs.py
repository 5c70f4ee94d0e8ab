"""Jobs: the definitions of job runs."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Exists, Invalid, NotEmulated
from glue_local.runs import release_waiting
from glue_local.runs.capacity import CAPACITY, capacity, check_execution_class, check_timeout
from glue_local.runs.usage_profiles import check_limits, with_defaults
from glue_local.services.context import Context
from glue_local.services.glue.jobs.callers_profile import callers_profile
from glue_local.services.glue.jobs.limits import check_arguments
from glue_local.services.glue.jobs.lookup import find_job
from glue_local.services.glue.jobs.visual_script import write_visual_script
from glue_local.services.glue.parameters import NOT_EMULATED
from glue_local.services.paging import page_of_documents, page_of_names
from glue_local.services.parameters import refuse
from glue_local.services.tagged_resources import check_tag_names
from glue_local.store import Document, kinds
from glue_local.store.conditions import with_tags

DEFAULT_GLUE_VERSION = "5.0"
"""The default Glue version of a Spark job. AWS's default changes over time; this is the emulated version."""

# Every version that AWS has had: AWS refuses a job with any other.
_GLUE_VERSIONS = ("0.9", "1.0", "2.0", "3.0", "4.0", "5.0", "5.1", "6.0", "auto")
_MOST_RETRIES = 10
_COMMANDS = ("glueetl", "gluestreaming", "pythonshell")
# The first is the default.
_PYTHON_VERSIONS = {"glueetl": ("3", "2"), "gluestreaming": ("3", "2"), "pythonshell": ("3.9", "3")}
_PAGE = 100


def create_job(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateJob: store a definition. Returns {Name}.

    With ``CodeGenConfigurationNodes`` it also writes the script to its ScriptLocation.

    Errors: AlreadyExistsException, also where AWS would compare parameters and raise
    IdempotentParameterMismatchException; InvalidInputException for capacities, commands and graphs AWS refuses.
    """
    name, now = request["Name"], ctx.now
    check_tag_names(request.get("Tags", {}))
    job = {**_definition(request, callers_profile(ctx)), "Name": name, "CreatedOn": now, "LastModifiedOn": now}
    if ctx.documents.read(kinds.JOB, name) is None:
        write_visual_script(ctx, job)
    with ctx.documents.transaction():
        if not ctx.documents.insert(kinds.JOB, name, doc=job):
            raise Exists(f"Job already exists: {name}")
        if request.get("Tags"):
            arn = arns.job(ctx.region, ctx.account, name)
            ctx.documents.write(kinds.TAGS, arn, doc=dict(request["Tags"]))
    return {"Name": name}


def update_job(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateJob: replace the definition; omitted members return to their defaults. Returns {JobName}.

    With ``CodeGenConfigurationNodes`` it also writes the script to its ScriptLocation.
    """
    name = request["JobName"]
    profile = callers_profile(ctx)
    find_job(ctx, name)
    # JobUpdate has CreateJob's members, one level below those that the request check sees.
    refuse(NOT_EMULATED)(ctx, "CreateJob", request["JobUpdate"])
    definition = _definition(request["JobUpdate"], profile)
    write_visual_script(ctx, definition)
    with ctx.documents.transaction():
        job = find_job(ctx, name)
        document = {**definition, "Name": name, "CreatedOn": job["CreatedOn"], "LastModifiedOn": ctx.now}
        ctx.documents.write(kinds.JOB, name, doc=document)
        release_waiting(ctx, ctx.documents, name)
    return {"JobName": name}


def get_job(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetJob: return {Job}. Errors: EntityNotFoundException."""
    return {"Job": find_job(ctx, request["JobName"])}


def get_jobs(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetJobs: return a page of {Jobs, NextToken}, by name."""
    found, token = page_of_documents(ctx.documents, kinds.JOB, request, _PAGE, listing=("GetJobs",))
    return {"Jobs": found, "NextToken": token}


def list_jobs(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListJobs: return a page of {JobNames, NextToken} of the jobs with all of ``Tags``."""
    tags = request.get("Tags", {})
    condition = with_tags(arns.job(ctx.region, ctx.account, ""), tags)
    listing = ("ListJobs", tags)
    found, token = page_of_names(ctx.documents, kinds.JOB, request, _PAGE, listing=listing, condition=condition)
    return {"JobNames": found, "NextToken": token}


def batch_get_jobs(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """BatchGetJobs: return {Jobs, JobsNotFound}."""
    found = {name: ctx.documents.read(kinds.JOB, name) for name in request["JobNames"]}
    return {
        "Jobs": [job for job in found.values() if job],
        "JobsNotFound": [name for name, job in found.items() if not job],
    }


def delete_job(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteJob: delete the definition, its bookmark and tags; keep its runs. Succeeds if the job does not exist."""
    name = request["JobName"]
    with ctx.documents.transaction():
        ctx.documents.remove(kinds.JOB, name)
        ctx.documents.remove(kinds.BOOKMARK, name)
        ctx.documents.remove(kinds.TAGS, arns.job(ctx.region, ctx.account, name))
        release_waiting(ctx, ctx.documents, name)
    return {"JobName": name}


def _definition(request: dict[str, Any], profile: Document | None) -> Document:
    """Return the definition with AWS's defaults, or those of the author's usage profile, which is assigned to the job."""
    command = _command(request.get("Command", {}))
    if profile is not None:
        request = with_defaults(profile, command["Name"], request)
    if not request.get("Role"):
        raise Invalid("Role should not be null.")
    check_arguments(request)
    _check_limits(request)
    kept = {member: value for member, value in request.items() if member not in ("Name", "Tags", "Command", *CAPACITY)}
    defaults = {"MaxRetries": 0, "ExecutionProperty": {"MaxConcurrentRuns": 1}, "DefaultArguments": {}}
    if command["Name"] != "pythonshell":
        defaults |= {"GlueVersion": DEFAULT_GLUE_VERSION, "ExecutionClass": "STANDARD"}
    job = {**defaults, **kept, "Command": command, **capacity(command["Name"], request)}
    check_execution_class(command["Name"], job)
    job["ExecutionProperty"] = {"MaxConcurrentRuns": 1, **job["ExecutionProperty"]}
    if job["ExecutionProperty"]["MaxConcurrentRuns"] < 1:
        raise Invalid("MaxConcurrentRuns must be at least 1.")
    if "Timeout" not in job and command["Name"] != "gluestreaming":
        job["Timeout"] = 480 if job.get("GlueVersion", "0") >= "5" else 2880
    if profile is not None:
        check_limits(profile, job)
        job["ProfileName"] = profile["Name"]
    return job


def _command(command: dict[str, Any]) -> Document:
    name = command.get("Name", "")
    if name == "glueray":
        raise NotEmulated("glue-local does not run Ray jobs (Command.Name glueray).")
    if name not in _COMMANDS:
        raise Invalid(f"Command name must be one of {', '.join(_COMMANDS)}, not '{name}'.")
    if not command.get("ScriptLocation"):
        raise Invalid("ScriptLocation should not be null.")
    versions = _PYTHON_VERSIONS[name]
    if command.get("PythonVersion", versions[0]) not in versions:
        raise Invalid(f"Python version {command['PythonVersion']} is not supported for Job Command {name}.")
    return {"PythonVersion": versions[0], **command}


def _check_limits(request: dict[str, Any]) -> None:
    version = request.get("GlueVersion", DEFAULT_GLUE_VERSION)
    if version not in _GLUE_VERSIONS:
        raise Invalid(f"Glue version {version} is not supported: use one of {', '.join(_GLUE_VERSIONS)}.")
    retries = request.get("MaxRetries", 0)
    if not 0 <= retries <= _MOST_RETRIES:
        raise Invalid(f"MaxRetries must be between 0 and {_MOST_RETRIES}, not {retries}.")
    check_timeout(request)
