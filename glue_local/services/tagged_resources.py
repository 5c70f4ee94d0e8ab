"""Tags of glue-local's resources by ARN, for each service's tagging operations and the Resource Groups Tagging API."""

from collections.abc import Collection, Mapping

from glue_local.core.faults import Invalid
from glue_local.services.context import Context
from glue_local.store import kinds

MOST_TAGS = 50
_KINDS = {
    "glue": {
        "database": kinds.DATABASE,
        "table": kinds.TABLE,
        "job": kinds.JOB,
        "crawler": kinds.CRAWLER,
        "trigger": kinds.TRIGGER,
        "workflow": kinds.WORKFLOW,
        "connection": kinds.CONNECTION,
        "usageProfile": kinds.USAGE_PROFILE,
    },
    "firehose": {"deliverystream": kinds.DELIVERY_STREAM},
}
# Data Catalog names are case-insensitive and stored in lower case.
_FOLDED = ("database", "table")


def is_ours(arn: str) -> bool:
    """Tell whether an ARN belongs to a service that glue-local implements."""
    return _service(arn) in _KINDS


def taggable(service: str) -> list[str]:
    """Return the taggable resource types of a service, as ARNs name them."""
    return sorted(_KINDS[service])


def canonical(ctx: Context, arn: str) -> str | None:
    """Return the ARN that tags are stored under, None if it is not taggable in this account and region."""
    service = _service(arn)
    own = f"arn:aws:{service}:{ctx.region}:{ctx.account}:"
    kind, _, name = arn.removeprefix(own).partition("/")
    if not arn.startswith(own) or kind not in _KINDS.get(service, {}):
        return None
    return f"{own}{kind}/{name.lower() if kind in _FOLDED else name}"


def exists(ctx: Context, arn: str) -> bool:
    """Tell whether the resource of a canonical ARN exists."""
    kind, _, name = arn.split(":", 5)[5].partition("/")
    key = name.split("/") if kind == "table" else [name]
    return ctx.documents.read(_KINDS[_service(arn)][kind], *key) is not None


def read_tags(ctx: Context, arn: str) -> dict[str, str]:
    """Return the tags of a resource."""
    return ctx.documents.read(kinds.TAGS, arn) or {}


def add_tags(ctx: Context, arn: str, tags: Mapping[str, str]) -> bool:
    """Add tags to a resource or replace their values. Returns False and adds none if it would have more than 50."""
    with ctx.documents.transaction():
        merged = {**read_tags(ctx, arn), **tags}
        if len(merged) > MOST_TAGS:
            return False
        ctx.documents.write(kinds.TAGS, arn, doc=merged)
    return True


def remove_tags(ctx: Context, arn: str, names: Collection[str]) -> None:
    """Remove tags from a resource; ignores missing tags."""
    with ctx.documents.transaction():
        kept = {name: value for name, value in read_tags(ctx, arn).items() if name not in names}
        ctx.documents.write(kinds.TAGS, arn, doc=kept)


def all_tags(ctx: Context) -> dict[str, dict[str, str]]:
    """Return the tags of all glue-local resources that have or had any, by ARN."""
    return {arn: tags for (arn,), tags in ctx.documents.scan(kinds.TAGS)}


def check_tag_names(names: Collection[str]) -> None:
    """Check that no tag name uses the reserved prefix ``aws:``; raises Invalid."""
    for name in names:
        if name.lower().startswith("aws:"):
            raise Invalid(f"Tag key {name} is not allowed: the prefix aws: is reserved.")


def _service(arn: str) -> str:
    return arn.split(":")[2] if arn.count(":") >= 5 else ""
