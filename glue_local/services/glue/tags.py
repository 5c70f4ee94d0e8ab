"""Tags of Glue's resources, by ARN."""

from typing import Any

from glue_local.core import arns
from glue_local.core.faults import Invalid, LimitExceeded, Missing
from glue_local.services.context import Context
from glue_local.services.glue.limits import check_tags
from glue_local.store import kinds

_MOST = 50
_KINDS = {"database": kinds.DATABASE, "table": kinds.TABLE, "job": kinds.JOB}


def tag_resource(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """TagResource: add tags or replace their values. Errors: EntityNotFoundException, InvalidInputException."""
    arn = _existing(ctx, request["ResourceArn"])
    check_tags(request["TagsToAdd"])
    with ctx.documents.transaction():
        tags = _tags(ctx, arn) | request["TagsToAdd"]
        if len(tags) > _MOST:
            raise LimitExceeded(f"A resource has at most {_MOST} tags.", code="InvalidInputException")
        ctx.documents.write(kinds.TAGS, arn, doc=tags)
    return {}


def untag_resource(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UntagResource: take tags off; those not there are no error. Errors: EntityNotFoundException."""
    arn = _existing(ctx, request["ResourceArn"])
    with ctx.documents.transaction():
        kept = {key: value for key, value in _tags(ctx, arn).items() if key not in request["TagsToRemove"]}
        ctx.documents.write(kinds.TAGS, arn, doc=kept)
    return {}


def get_tags(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTags: return {Tags}. Errors: EntityNotFoundException, InvalidInputException."""
    return {"Tags": _tags(ctx, _existing(ctx, request["ResourceArn"]))}


def _tags(ctx: Context, arn: str) -> dict[str, Any]:
    return ctx.documents.read(kinds.TAGS, arn) or {}


def _existing(ctx: Context, arn: str) -> str:
    own = arns.job(ctx.region, ctx.account, "").removesuffix("job/")
    kind, _, name = arn.removeprefix(own).partition("/")
    if not arn.startswith(own) or kind not in _KINDS:
        raise Invalid(f"Cannot tag {arn}: it names no database, table or job of this account and region.")
    if kind != "job":
        # Names of the Data Catalog are in lower case, however they are written.
        name = name.lower()
        arn = f"{own}{kind}/{name}"
    key = name.split("/") if kind == "table" else [name]
    if ctx.documents.read(_KINDS[kind], *key) is None:
        raise Missing(f"Entity not found: {arn}")
    return arn
