"""Tags of delivery streams."""

from typing import Any

from glue_local.core.faults import LimitExceeded
from glue_local.services.context import Context
from glue_local.services.firehose.lookup import find_stream
from glue_local.services.tagged_resources import MOST_TAGS, add_tags, check_tag_names, read_tags, remove_tags

_PAGE = 50


def list_tags_for_delivery_stream(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListTagsForDeliveryStream: return {Tags, HasMoreTags}, by name. Errors: ResourceNotFoundException."""
    arn = find_stream(ctx, request["DeliveryStreamName"])["DeliveryStreamARN"]
    start, limit = request.get("ExclusiveStartTagKey", ""), request.get("Limit", _PAGE)
    tags = [{"Key": name, "Value": value} for name, value in sorted(read_tags(ctx, arn).items()) if name > start]
    return {"Tags": tags[:limit], "HasMoreTags": len(tags) > limit}


def tag_delivery_stream(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """TagDeliveryStream: add tags or replace their values.

    Errors: ResourceNotFoundException, LimitExceededException (more than 50), InvalidArgumentException (``aws:``).
    """
    stream = find_stream(ctx, request["DeliveryStreamName"])
    tags = {tag["Key"]: tag.get("Value", "") for tag in request["Tags"]}
    check_tag_names(tags)
    if not add_tags(ctx, stream["DeliveryStreamARN"], tags):
        raise LimitExceeded(f"A delivery stream can have at most {MOST_TAGS} tags.")
    return {}


def untag_delivery_stream(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UntagDeliveryStream: remove tags; ignores missing tags. Errors: ResourceNotFoundException."""
    stream = find_stream(ctx, request["DeliveryStreamName"])
    remove_tags(ctx, stream["DeliveryStreamARN"], request["TagKeys"])
    return {}
