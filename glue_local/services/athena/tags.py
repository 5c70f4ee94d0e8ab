"""Tags of work groups and data catalogs, by ARN."""

import re
from typing import Any

from glue_local.core.faults import Invalid, LimitExceeded, Missing
from glue_local.services.athena.lookup import find_data_catalog, find_work_group, tags_in
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import kinds

_MOST = 50
_PAGE = 75
_ARN = re.compile(r"arn:aws[a-z-]*:athena:([a-z0-9-]+):(\d{12}):(workgroup|datacatalog)/(.+)")


def tag_resource(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """TagResource: add tags or replace their values. Errors: ResourceNotFoundException, InvalidRequestException."""
    arn = _existing(ctx, request["ResourceARN"])
    with ctx.documents.transaction():
        tags = _tags(ctx, arn) | tags_in(request)
        if len(tags) > _MOST:
            raise LimitExceeded(f"A resource can have at most {_MOST} tags.")
        ctx.documents.write(kinds.TAGS, arn, doc=tags)
    return {}


def untag_resource(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UntagResource: remove tags; ignores missing tags. Errors: ResourceNotFoundException."""
    arn = _existing(ctx, request["ResourceARN"])
    with ctx.documents.transaction():
        kept = {key: value for key, value in _tags(ctx, arn).items() if key not in request["TagKeys"]}
        ctx.documents.write(kinds.TAGS, arn, doc=kept)
    return {}


def list_tags_for_resource(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListTagsForResource: return a page of {Tags, NextToken}, by key. Errors: ResourceNotFoundException."""
    arn = _existing(ctx, request["ResourceARN"])
    tags = [{"Key": key, "Value": value} for key, value in sorted(_tags(ctx, arn).items())]
    found, token = page(tags, request, _PAGE, listing=("ListTagsForResource", arn), key=lambda tag: tag["Key"])
    return {"Tags": found, "NextToken": token}


def _tags(ctx: Context, arn: str) -> dict[str, str]:
    return ctx.documents.read(kinds.TAGS, arn) or {}


def _existing(ctx: Context, arn: str) -> str:
    named = _ARN.fullmatch(arn)
    if named is None or named[1] != ctx.region or named[2] != ctx.account:
        raise Invalid(
            f"Cannot tag {arn}: it is not the ARN of a work group or data catalog in this account and region."
        )
    try:
        find_work_group(ctx, named[4]) if named[3] == "workgroup" else find_data_catalog(ctx, named[4])
    except Missing as missing:
        raise Missing(missing.message, code="ResourceNotFoundException") from None
    return arn
