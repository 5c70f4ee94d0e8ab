"""Tags of Glue's resources, by ARN."""

from typing import Any

from glue_local.core.faults import Invalid, LimitExceeded, Missing
from glue_local.services.context import Context
from glue_local.services.tagged_resources import (
    MOST_TAGS,
    add_tags,
    canonical,
    check_tag_names,
    exists,
    read_tags,
    remove_tags,
    taggable,
)


def tag_resource(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """TagResource: add tags or replace their values. Errors: EntityNotFoundException, InvalidInputException."""
    arn = _existing(ctx, request["ResourceArn"])
    check_tag_names(request["TagsToAdd"])
    if not add_tags(ctx, arn, request["TagsToAdd"]):
        raise LimitExceeded(f"A resource can have at most {MOST_TAGS} tags.", code="InvalidInputException")
    return {}


def untag_resource(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UntagResource: remove tags; ignores missing tags. Errors: EntityNotFoundException."""
    remove_tags(ctx, _existing(ctx, request["ResourceArn"]), request["TagsToRemove"])
    return {}


def get_tags(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetTags: return {Tags}. Errors: EntityNotFoundException, InvalidInputException."""
    return {"Tags": read_tags(ctx, _existing(ctx, request["ResourceArn"]))}


def _existing(ctx: Context, given: str) -> str:
    arn = canonical(ctx, given)
    if arn is None or ":glue:" not in arn:
        named = ", ".join(taggable("glue"))
        raise Invalid(f"Cannot tag {given}: it is not the ARN of a {named} in this account and region.")
    if not exists(ctx, arn):
        raise Missing(f"Entity not found: {arn}")
    return arn
