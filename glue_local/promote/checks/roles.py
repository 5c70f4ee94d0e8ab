"""Rules for roles: limits of IAM."""

from collections import defaultdict
from collections.abc import Iterator

from glue_local.promote.checks.finding import Finding
from glue_local.promote.definition.overlay import Staged

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: all inline policies of a role together, without white space.
_MOST = 10240


def inline_policies_fit(wanted: Staged) -> Iterator[Finding]:
    """The inline policies of a role together are within IAM's limit."""
    policies = defaultdict(list)
    for each in wanted.resources:
        if each.kind == "role_policies":
            policies[each.request["RoleName"]].append(each)
    for role, of_role in policies.items():
        sizes = {each.request["PolicyName"]: len("".join(each.request["PolicyDocument"].split())) for each in of_role}
        if sum(sizes.values()) > _MOST:
            details = ", ".join(f"{name} {size:,}" for name, size in sizes.items())
            yield Finding(
                of_role[-1].place,
                f"role {role}: its inline policies have {sum(sizes.values()):,} characters in total ({details}), more than"
                f" IAM's limit of {_MOST:,}: give some of the jobs their own role",
            )
