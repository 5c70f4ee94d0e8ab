"""Roles: what IAM refuses of their policies."""

from collections import defaultdict
from collections.abc import Iterator

from glue_local.promote.overlay import Staged
from glue_local.promote.preflight.finding import Finding

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: of all inline policies of a role, without white space.
_MOST = 10240


def policies_fit_into_their_role(wanted: Staged) -> Iterator[Finding]:
    """The inline policies of a role are together no longer than IAM takes."""
    policies = defaultdict(list)
    for each in wanted.resources:
        if each.kind == "role_policies":
            policies[each.request["RoleName"]].append(each)
    for role, of_role in policies.items():
        sizes = {each.request["PolicyName"]: len("".join(each.request["PolicyDocument"].split())) for each in of_role}
        if sum(sizes.values()) > _MOST:
            told = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
            yield Finding(
                of_role[-1].place,
                f"role {role}: its inline policies are {sum(sizes.values()):,} characters together ({told}); IAM takes"
                f" {_MOST:,}: give some of the jobs a role of their own",
            )
