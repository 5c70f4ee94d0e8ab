"""Create, update and roll back moto's CloudFormation stacks, directly or by a change set."""

from collections.abc import Callable
from typing import Any

from samtranslator.model.exceptions import InvalidDocumentException

from glue_local.backend.cloudformation.order import in_order
from glue_local.backend.cloudformation.transform import SERVERLESS, transformed
from glue_local.backend.cloudformation.updates import ResourceFailed, Update

Error = Callable[..., Exception]


def expand(parsed: Any, error: Error) -> None:
    """Expand the template that a stack or a change set has parsed."""
    stack = getattr(parsed, "stack", parsed)
    try:
        # moto parses the template before it sets the stack's parameters and region.
        parameters, region = getattr(parsed, "parameters", {}), stack.stack_id.split(":")[3]
        parsed.template_dict = transformed(parsed.template_dict, parameters, region)
    except InvalidDocumentException as refused:
        reasons = ", ".join(str(each.message) for each in refused.causes)
        raise error(message=f"Transform {SERVERLESS} failed with: {reasons}") from None


def ordered(resources: dict[str, Any], error: Error) -> list[str]:
    """Return the logical ids in creation order."""
    try:
        return in_order(resources)
    except ValueError as circle:
        raise error(message=str(circle)) from None


def update_resources(resources: Any, template: dict[str, Any], parameters: dict[str, Any] | None, change: Any) -> None:
    """Update resources to another template; on failure, undo every change and raise ResourceFailed."""
    Update(resources, template, parameters, change).run()


def create(stack: Any, event: Any) -> None:
    """Create a stack's resources; if one fails, delete the created ones."""
    stack.status, resources = "CREATE_IN_PROGRESS", stack.resource_map
    try:
        ready = resources.create(stack.template_dict)
    except Exception as error:  # noqa: BLE001 - any exception of moto or an API is the resource's failure
        made = resources._parsed_resources
        failed = next((name for name in in_order(resources._resource_json_map) if name not in made), "")
        _tell(stack, event, failed, "CREATE_FAILED", str(error))
        stack._add_stack_event("ROLLBACK_IN_PROGRESS", f"The following resource(s) failed to create: [{failed}].")
        resources.delete()
        # Drop the resources: moto would create a missing one on access.
        resources._resource_json_map = {}
        stack.output_map = type(stack.output_map)(resources, {}, stack.stack_id)
        stack.status = "ROLLBACK_COMPLETE"
        stack._add_stack_event(stack.status)
        return
    stack.description = stack.template_dict.get("Description")
    for name in in_order(resources._resource_json_map):
        if name in resources._parsed_resources:
            _tell(stack, event, name, "CREATE_COMPLETE")
    if ready:
        stack.mark_creation_complete()


def update(
    stack: Any,
    event: Any,
    template: str,
    role_arn: str | None,
    parameters: dict[str, Any] | None,
    tags: dict[str, str] | None,
) -> None:
    """Update a stack to another template; roll back if a resource fails."""
    before = stack.template, stack.template_dict
    stack.template = template
    try:
        stack._parse_template()
        stack._add_stack_event("UPDATE_IN_PROGRESS", resource_status_reason="User Initiated")
        stack.resource_map.update(stack.template_dict, parameters)
    except ResourceFailed as failed:
        stack.template, stack.template_dict = before
        _tell(stack, event, failed.logical_id, "UPDATE_FAILED", failed.reason)
        reason = f"The following resource(s) failed to update: [{failed.logical_id}]."
        stack._add_stack_event("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        stack.status = "UPDATE_ROLLBACK_COMPLETE"
        stack._add_stack_event(stack.status)
        return
    except Exception:
        stack.template, stack.template_dict = before
        raise
    stack.output_map = stack._create_output_map()
    stack.status = "UPDATE_COMPLETE"
    stack._add_stack_event(stack.status)
    stack.role_arn = role_arn
    stack.parameters = parameters or stack.parameters
    stack.tags = stack.tags if tags is None else tags


def without_reviewed(
    backend: Any, stack_name: str, change_set_name: str, change_set_type: str, error: Error
) -> dict[str, Any]:
    """Remove a REVIEW_IN_PROGRESS stack for a change set that creates it; return the previous stacks."""
    before = dict(backend.stacks)
    if change_set_type == "CREATE":
        for stack_id, stack in before.items():
            if stack.name != stack_name:
                continue
            if stack.status != "REVIEW_IN_PROGRESS":
                raise error(
                    message=f"Stack [{stack_name}] already exists and cannot be created again"
                    f" with the changeSet [{change_set_name}]."
                )
            del backend.stacks[stack_id]
    return before


def as_given(backend: Any, stack_name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Return a change set's parameters; previous values are the given ones, not the resolved ones.

    The value of a Systems Manager parameter type, also its default, is the name of the parameter to resolve.
    """
    stack = next((each for each in backend.stacks.values() if each.name == stack_name), None)
    if stack is None:
        return parameters
    slots, found = stack.template_dict.get("Parameters", {}), dict(parameters)
    for name, value in parameters.items():
        is_reference = str(slots.get(name, {}).get("Type", "")).startswith("AWS::SSM::")
        if is_reference and value == stack.stack_parameters.get(name):
            found[name] = stack.parameters.get(name) or slots[name].get("Default")
    return found


def execute_change_set(backend: Any, change_set_name: str, stack_name: str | None = None) -> None:
    """Create or update a stack from its change set, as CreateStack and UpdateStack do."""
    change_set = _change_set(backend, change_set_name, stack_name)
    stack = backend.stacks[change_set.stack_id]
    stack.cross_stack_resources = backend.exports
    if change_set.change_set_type == "CREATE":
        stack.template, stack.parameters = change_set.template, change_set.parameters
        stack._parse_template()
        stack.resource_map = stack._create_resource_map()
        stack.output_map = stack._create_output_map()
        stack._add_stack_event("CREATE_IN_PROGRESS", resource_status_reason="User Initiated")
        stack.create_resources()
    else:
        stack.update(change_set.template, change_set.role_arn, change_set.parameters, change_set.tags)
    if stack.status.startswith(("CREATE_", "UPDATE_COMPLETE")):
        backend.exports.update({export.name: export for export in stack.exports})
    change_set.execution_status = "EXECUTE_COMPLETE"


def _change_set(backend: Any, name: str, stack_name: str | None) -> Any:
    # The newest first: different stacks may have change sets of the same name.
    for arn, change_set in reversed(backend.change_sets.items()):
        if arn == name or (change_set.change_set_name == name and stack_name in (None, *_names(change_set))):
            return change_set
    return backend.describe_change_set(name)


def _names(change_set: Any) -> tuple[str, str]:
    return change_set.stack_name, change_set.stack_id


def _tell(stack: Any, event: Any, logical_id: str, status: str, reason: str | None = None) -> None:
    resource = stack.resource_map._parsed_resources.get(logical_id)
    body = stack.resource_map._resource_json_map.get(logical_id, {})
    told = event(
        stack_id=stack.stack_id,
        stack_name=stack.name,
        logical_resource_id=logical_id,
        physical_resource_id=getattr(resource, "physical_resource_id", "") or "",
        resource_type=body.get("Type", ""),
        resource_status=status,
        resource_status_reason=reason,
        resource_properties=None,
    )
    stack.events.append(told)
