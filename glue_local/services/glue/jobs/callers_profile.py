"""The usage profile of a request's caller: the tag ``glue:UsageProfile`` of its IAM user or role.

https://docs.aws.amazon.com/glue/latest/dg/start-usage-profiles-managing.html
"""

from botocore.exceptions import ClientError

from glue_local.runs.usage_profiles import find_profile
from glue_local.services.context import Context
from glue_local.store import Document, kinds

_TAG = "glue:UsageProfile"


def callers_profile(ctx: Context) -> Document | None:
    """Return the usage profile of the caller, None if it has none. Raises Missing if the tag names one that does not exist.

    The access key identifies a user of IAM or a session of an assumed role. It asks IAM, so call it outside transactions.
    """
    if not ctx.access_key or next(iter(ctx.documents.keys(kinds.USAGE_PROFILE)), None) is None:
        return None
    name = _tags(ctx).get(_TAG)
    return find_profile(ctx.documents, name) if name else None


def _tags(ctx: Context) -> dict[str, str]:
    if ctx.clients is None:
        return {}
    arn = ctx.clients("sts", ctx.access_key, ctx.region).get_caller_identity()["Arn"]
    service, resource = arn.split(":")[2], arn.split(":", 5)[5].split("/")
    iam = ctx.client("iam")
    try:
        if service == "iam" and resource[0] == "user":
            tags = iam.list_user_tags(UserName=resource[-1])["Tags"]
        elif service == "sts" and resource[0] == "assumed-role":
            tags = iam.list_role_tags(RoleName=resource[1])["Tags"]
        else:
            # A key that IAM does not know, such as "test" or an account.
            return {}
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return {}
    return {tag["Key"]: tag["Value"] for tag in tags}
