"""The script of a visual job, written where its definition says."""

import re

from botocore.exceptions import ClientError, ParamValidationError

from glue_local.core.faults import Invalid
from glue_local.script_generation.visual.script import script_of
from glue_local.services.context import Context
from glue_local.store import Document

_LOCATION = re.compile(r"s3://([A-Za-z0-9._-]+)/([^\x00-\x1f\ud800-\udfff]+)\Z")


def write_visual_script(ctx: Context, job: Document) -> None:
    """Generate the script of a job with ``CodeGenConfigurationNodes`` and write it to S3; others are left alone.

    Raises Invalid for a wrong graph or a bucket that does not exist, NotEmulated for a type of node that is not generated.
    """
    nodes = job.get("CodeGenConfigurationNodes")
    if not nodes:
        return
    command = job["Command"]
    if command["Name"] != "glueetl":
        raise Invalid(f"A visual job must have the Command glueetl, not {command['Name']}.")
    script = script_of(nodes)
    location = _LOCATION.match(command["ScriptLocation"])
    if location is None:
        raise Invalid(f"ScriptLocation must be s3://bucket/key, not {command['ScriptLocation']}.")
    bucket, key = location.groups()
    try:
        ctx.client("s3").put_object(Bucket=bucket, Key=key, Body=script.encode())
    except (ClientError, ParamValidationError) as error:
        raise Invalid(f"The script cannot be written to {command['ScriptLocation']}: {error}") from None
