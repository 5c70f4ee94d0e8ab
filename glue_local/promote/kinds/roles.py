"""IAM roles and their inline policies."""

import hashlib
import json

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found, members
from glue_local.promote.kinds.policy_documents import canonical
from glue_local.promote.kinds.tags import as_list, as_map, tags_as_list

_ABSENT = "NoSuchEntity"
_DEFAULTS = {"Description": "", "MaxSessionDuration": 3600}


def _read(account: Account, request: Request) -> Found | None:
    iam = account.clients("iam")
    role = found(lambda: iam.get_role(RoleName=request["RoleName"])["Role"], _ABSENT)
    if role is None:
        return None
    attributes = members(role, ROLES.shape, "RoleName", "Tags", "PermissionsBoundary")
    if "PermissionsBoundary" in role:
        attributes["PermissionsBoundary"] = role["PermissionsBoundary"]["PermissionsBoundaryArn"]
    # A removed description is returned as an empty string.
    return Found({key: value for key, value in attributes.items() if value != ""})


def _tags(account: Account, request: Request) -> dict[str, str]:
    return as_map(account.clients("iam").list_role_tags(RoleName=request["RoleName"])["Tags"])


def _create(account: Account, request: Request) -> None:
    account.clients("iam").create_role(**request)


def _update(account: Account, request: Request, there: Found) -> None:
    iam, role = account.clients("iam"), {"RoleName": request["RoleName"]}
    iam.update_assume_role_policy(**role, PolicyDocument=request["AssumeRolePolicyDocument"])
    # UpdateRole keeps members that the request omits.
    described = {key: request.get(key, _DEFAULTS[key]) for key in _DEFAULTS if key in {**there.attributes, **request}}
    if described:
        iam.update_role(**role, **described)
    if "PermissionsBoundary" in request:
        iam.put_role_permissions_boundary(**role, PermissionsBoundary=request["PermissionsBoundary"])
    elif "PermissionsBoundary" in there.attributes:
        iam.delete_role_permissions_boundary(**role)


def _delete(account: Account, request: Request) -> None:
    account.clients("iam").delete_role(RoleName=request["RoleName"])


def inline(account: Account, role: str) -> list[str]:
    """Return the names of a role's inline policies."""
    pages = account.clients("iam").get_paginator("list_role_policies").paginate(RoleName=role)
    return [name for page in pages for name in page["PolicyNames"]]


def inline_digest(account: Account, role: str, name: str) -> str:
    """Return ``sha256:…`` of a normalised inline policy, or of an empty document if it no longer exists."""
    policy = _read_policy(account, {"RoleName": role, "PolicyName": name})
    document = canonical(policy.attributes) if policy else {}
    return "sha256:" + hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:12]


def attached(account: Account, role: str) -> list[str]:
    """Return the ARNs of the managed policies that are attached to a role."""
    pages = account.clients("iam").get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return [policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]]


def _policies_of(account: Account, request: Request) -> list[str]:
    # IAM cannot delete a role with policies; ours are deleted first.
    role = request["RoleName"]
    return [*(f"role_policies/{role}.{name}" for name in inline(account, role)), *attached(account, role)]


def _tag(account: Account, request: Request, tags: dict[str, str]) -> None:
    account.clients("iam").tag_role(RoleName=request["RoleName"], Tags=as_list(tags))


def _read_policy(account: Account, request: Request) -> Found | None:
    where = {"RoleName": request["RoleName"], "PolicyName": request["PolicyName"]}
    policy = found(lambda: account.clients("iam").get_role_policy(**where), _ABSENT)
    return None if policy is None else Found({"PolicyDocument": policy["PolicyDocument"]})


def _put_policy(account: Account, request: Request, there: Found | None = None) -> None:
    account.clients("iam").put_role_policy(**request)


def _delete_policy(account: Account, request: Request) -> None:
    account.clients("iam").delete_role_policy(RoleName=request["RoleName"], PolicyName=request["PolicyName"])


ROLES = Kind(
    service="iam",
    operation="CreateRole",
    name=("RoleName",),
    read=_read,
    create=_create,
    update=_update,
    delete=_delete,
    contents=_policies_of,
    tagging=Tagging(tags_as_list, _tags, _tag),
    promoted=(
        *("RoleName", "Path", "AssumeRolePolicyDocument", "Description", "MaxSessionDuration"),
        *("PermissionsBoundary", "Tags"),
    ),
    identity=("RoleName",),
    immutable=("Path",),
    texts=("AssumeRolePolicyDocument",),
    canonical=canonical,
)

POLICIES = Kind(
    service="iam",
    operation="PutRolePolicy",
    name=("RoleName", "PolicyName"),
    read=_read_policy,
    create=_put_policy,
    update=_put_policy,
    delete=_delete_policy,
    owner=("roles", "RoleName"),
    promoted=("RoleName", "PolicyName", "PolicyDocument"),
    identity=("RoleName", "PolicyName"),
    texts=("PolicyDocument",),
    canonical=canonical,
)
