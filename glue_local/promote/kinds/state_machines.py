"""Step Functions state machines."""

from collections.abc import Mapping

from glue_local.promote.kinds.kind import Account, Found, Kind, Request, Tagging, found, members
from glue_local.promote.kinds.tags import as_list, as_map

# UpdateStateMachine keeps members that the request omits, so these must be turned off explicitly.
_OFF = {"loggingConfiguration": {"level": "OFF"}, "tracingConfiguration": {"enabled": False}}


def _arn(account: Account, request: Request) -> str:
    return account.arn("states", f"stateMachine:{request['name']}")


def _read(account: Account, request: Request) -> Found | None:
    stepfunctions, arn = account.clients("stepfunctions"), _arn(account, request)
    there = found(lambda: stepfunctions.describe_state_machine(stateMachineArn=arn), "StateMachineDoesNotExist")
    if there is None:
        return None
    return Found(members(there, KIND.shape, "name", "tags"))


def _tags(account: Account, request: Request) -> dict[str, str]:
    arn = _arn(account, request)
    return as_map(account.clients("stepfunctions").list_tags_for_resource(resourceArn=arn)["tags"], "key", "value")


def _create(account: Account, request: Request) -> None:
    account.clients("stepfunctions").create_state_machine(**request)


def _update(account: Account, request: Request, there: Found) -> None:
    off = {key: value for key, value in _OFF.items() if key in there.attributes}
    changed = {key: value for key, value in {**off, **request}.items() if key not in ("name", "type", "tags")}
    account.clients("stepfunctions").update_state_machine(stateMachineArn=_arn(account, request), **changed)


def _delete(account: Account, request: Request) -> None:
    account.clients("stepfunctions").delete_state_machine(stateMachineArn=_arn(account, request))


def _write(request: Request, tags: Mapping[str, str]) -> Request:
    given = as_map(request.get("tags", []), "key", "value")
    return {**request, "tags": as_list({**given, **tags}, "key", "value")}


def _tag(account: Account, request: Request, tags: dict[str, str]) -> None:
    pairs = as_list(tags, "key", "value")
    account.clients("stepfunctions").tag_resource(resourceArn=_arn(account, request), tags=pairs)


KIND = Kind(
    service="stepfunctions",
    operation="CreateStateMachine",
    name=("name",),
    read=_read,
    create=_create,
    update=_update,
    delete=_delete,
    tagging=Tagging(_write, _tags, _tag, member="tags"),
    # Without publish and versionDescription: a version is created once and cannot be updated.
    promoted=(
        *("name", "definition", "roleArn", "type", "loggingConfiguration", "tags", "tracingConfiguration"),
        "encryptionConfiguration",
    ),
    identity=("name",),
    immutable=("type",),
    texts=("definition",),
)
