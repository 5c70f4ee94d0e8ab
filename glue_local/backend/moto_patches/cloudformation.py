"""Patches of moto's CloudFormation: glue-local's resources in stacks and change sets, rollback, named refusals."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from glue_local.backend.moto_patches.patch import Patch, attribute

_MODELS = "moto.cloudformation.models"
_PARSING = "moto.cloudformation.parsing"
# Named, so that it is imported at the first CloudFormation request: importing takes a second.
_STACKS = "glue_local.backend.cloudformation.stacks"
# moto marks these complete without executing anything.
_REFUSED = ("AWS::Athena::", "AWS::EMR")
_PASSED_OVER = ("AWS::CloudFormation::", "AWS::CDK::Metadata", "AWS::Serverless::", "Custom::")


def _with_ours(get_model_map: Callable[[], dict[str, Any]]) -> Callable[[], dict[str, Any]]:
    ours = attribute("glue_local.backend.cloudformation.models:models")()
    return lambda: {**get_model_map(), **ours}


def _refuse_unknown(template: dict[str, Any]) -> None:
    known = attribute(f"{_PARSING}:get_model_map")()
    types = {str(resource.get("Type")) for resource in template.get("Resources", {}).values()}
    refused = sorted(
        name for name in types if name.startswith(_REFUSED) or (name not in known and not name.startswith(_PASSED_OVER))
    )
    if refused:
        raise attribute("moto.cloudformation.exceptions:ValidationError")(
            message=f"Template format error: glue-local does not emulate {', '.join(refused)} in CloudFormation yet:"
            " remove it from the template, or create it through its own API"
        )


def _undone(original: Callable[..., None]) -> Callable[..., None]:
    change = attribute(f"{_PARSING}:parse_and_update_resource")

    def update(self: Any, template: dict[str, Any], parameters: dict[str, Any] | None = None) -> None:
        attribute(f"{_STACKS}:update_resources")(self, template, parameters, change)

    return update


def _in_order(original: Callable[..., list[str]]) -> Callable[..., Iterable[str]]:
    error = attribute("moto.cloudformation.exceptions:ValidationError")
    ordered = attribute(f"{_STACKS}:ordered")
    return lambda self: ordered(self._resource_json_map, error)


def _expanding(original: Callable[..., None]) -> Callable[..., None]:
    error = attribute("moto.cloudformation.exceptions:ValidationError")
    parse = attribute(f"{_MODELS}:Stack.parse_template")

    def parse_and_expand(self: Any) -> None:
        self.template_dict = parse(self.template)
        attribute(f"{_STACKS}:expand")(self, error)
        _refuse_unknown(self.template_dict)
        attribute(f"{_STACKS}:ordered")(self.template_dict.get("Resources", {}), error)

    return parse_and_expand


def _sound(parse_template: Callable[[str], Any]) -> Any:
    """Refuse what is not a template."""
    refusal = attribute("moto.cloudformation.exceptions:ValidationError")
    malformed = attribute("yaml:YAMLError")

    def parse(template: str | None) -> dict[str, Any]:
        if template is None:
            raise refusal(message="Either Template URL or Template Body must be specified.")
        try:
            parsed = parse_template(template)
        except (malformed, ValueError, RecursionError):
            raise refusal(message="Template format error: YAML not well-formed.") from None
        if not isinstance(parsed, dict):
            raise refusal(message="Template format error: unsupported structure.")
        if "Resources" not in parsed:
            raise refusal(message="Template format error: At least one Resources member must be defined.")
        for section in ("Resources", "Parameters", "Outputs", "Conditions", "Mappings"):
            if not isinstance(parsed.get(section, {}), dict):
                raise refusal(message=f"Template format error: {section} must be an object.")
        for name, resource in parsed["Resources"].items():
            if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
                raise refusal(message=f"Template format error: [/Resources/{name}] Every resource must have a Type.")
        return parsed

    return staticmethod(parse)


def _with_values(create_change_set: Callable[..., Any]) -> Callable[..., Any]:
    refusal = attribute("moto.cloudformation.exceptions:ValidationError")

    def create(self: Any) -> Any:
        if self._get_param("ChangeSetType", "CREATE") != "UPDATE":
            for parameter in self._get_param("Parameters", []):
                if parameter.get("UsePreviousValue"):
                    key = parameter.get("ParameterKey")
                    raise refusal(message=f"Invalid input for parameter key {key}. A new stack has no previous value.")
        return create_change_set(self)

    return create


def _of_a_template(summarize: Callable[[str], Any]) -> Callable[[str], Any]:
    parse = attribute(f"{_MODELS}:Stack.parse_template")

    def summary(template: str) -> Any:
        parse(template)
        return summarize(template)

    return summary


def _creating(original: Callable[..., None]) -> Callable[..., None]:
    event = attribute(f"{_MODELS}:Event")
    create = attribute(f"{_STACKS}:create")
    return lambda self: create(self, event)


def _updating(original: Callable[..., None]) -> Callable[..., None]:
    event = attribute(f"{_MODELS}:Event")

    def update(
        self: Any,
        template: str,
        role_arn: str | None = None,
        parameters: dict[str, Any] | None = None,
        tags: dict[str, str] | None = None,
    ) -> None:
        attribute(f"{_STACKS}:update")(self, event, template, role_arn, parameters, tags)

    return update


def _change_set_in_review(create_change_set: Callable[..., Any]) -> Callable[..., Any]:
    exists = attribute("moto.cloudformation.exceptions:ValidationError")

    def create(self: Any, stack_name: str, change_set_name: str, *rest: Any, **more: Any) -> Any:
        before = attribute(f"{_STACKS}:without_reviewed")(
            self, stack_name, change_set_name, more.get("change_set_type", ""), exists
        )
        more["parameters"] = attribute(f"{_STACKS}:as_given")(self, stack_name, more.get("parameters") or {})
        try:
            return create_change_set(self, stack_name, change_set_name, *rest, **more)
        except Exception:
            self.stacks = before
            raise

    return create


def _at_the_endpoint(get_stack: Callable[..., str]) -> Callable[..., str]:
    """Read a template URL of this endpoint: CDK writes ``https://s3.us-east-1.127.0.0.1/bucket/key`` for it."""

    def get(template_url: str, *rest: Any, **more: Any) -> str:
        url = urlsplit(template_url)
        host = url.hostname or ""
        if not host.endswith("amazonaws.com") and (host.startswith("s3") or host.replace(".", "").isdecimal()):
            template_url = f"http://localhost{url.path}"
        return get_stack(template_url, *rest, **more)

    return get


def _not_found(describe: Callable[..., Any]) -> Callable[..., Any]:
    """Raise AWS's error for a deleted change set: CDK deletes its last change set and checks that it is gone."""
    validation = attribute("moto.cloudformation.exceptions:ValidationError")

    class ChangeSetNotFound(validation):  # type: ignore[misc, valid-type]
        code = "ChangeSetNotFound"

    def describe_change_set(self: Any, change_set_name: str) -> Any:
        try:
            return describe(self, change_set_name)
        except validation:
            raise ChangeSetNotFound(message=f"ChangeSet [{change_set_name}] does not exist") from None

    return describe_change_set


def _deleted_once(delete_change_set: Callable[..., None]) -> Callable[..., None]:
    """Ignore a missing change set, as AWS does."""

    def delete(self: Any, change_set_name: str) -> None:
        names = {change_set.change_set_name for change_set in self.change_sets.values()}
        if change_set_name in names or change_set_name in self.change_sets:
            delete_change_set(self, change_set_name)

    return delete


def _same_template(original: Callable[..., bool]) -> Callable[..., bool]:
    return lambda self, other: self.parse_template(self.template) == self.parse_template(other)


PATCHES = (
    Patch(
        f"{_PARSING}:get_model_map",
        "stacks cannot create Glue and Firehose resources or update state machines and log groups",
        _with_ours,
    ),
    Patch(
        f"{_PARSING}:ResourceMap.update",
        "a failed stack update is not rolled back, and resources are removed before others are created",
        _undone,
    ),
    Patch(
        f"{_PARSING}:ResourceMap._ResourceMap__get_resources_in_dependency_order",
        "the creation order of resources only respects DependsOn",
        _in_order,
    ),
    Patch(f"{_MODELS}:Stack.parse_template", "a template that is not an object fails the request", _sound),
    Patch(
        "moto.cloudformation.responses:CloudFormationResponse.create_change_set",
        "a change set for a new stack with a parameter's previous value fails the request",
        _with_values,
    ),
    Patch(
        "moto.cloudformation.responses:get_template_summary_response_from_template",
        "the summary of a template that is not an object fails the request",
        _of_a_template,
    ),
    *(
        Patch(
            f"{_MODELS}:{name}._parse_template",
            "AWS SAM templates are not expanded, and resources of unknown types end as CREATE_COMPLETE",
            _expanding,
        )
        for name in ("Stack", "ChangeSet")
    ),
    Patch(
        "moto.cloudformation.utils:get_stack_from_s3_url",
        "CDK's templates are read from a bucket named s3 if the endpoint is an IP address",
        _at_the_endpoint,
        also_in="moto.cloudformation.",
    ),
    Patch(
        f"{_MODELS}:Stack.has_template",
        "an expanded template never equals its original, so every update looks like a change",
        _same_template,
    ),
    Patch(
        f"{_MODELS}:Stack.create_resources",
        "a failed resource fails the CreateStack request and leaves the resources created before it",
        _creating,
    ),
    Patch(f"{_MODELS}:Stack.update", "a failed resource fails the UpdateStack request", _updating),
    Patch(
        f"{_MODELS}:CloudFormationBackend.delete_change_set",
        "deleting a missing change set fails the request",
        _deleted_once,
    ),
    Patch(
        f"{_MODELS}:CloudFormationBackend.create_change_set",
        "every change set of a new stack, even a refused one, creates another stack of that name",
        _change_set_in_review,
    ),
    Patch(
        f"{_MODELS}:CloudFormationBackend.describe_change_set",
        "a deleted change set is reported as a stack that does not exist",
        _not_found,
    ),
    Patch(
        f"{_MODELS}:CloudFormationBackend.execute_change_set",
        "a failed change set is not rolled back, and its stack has no outputs",
        lambda original: attribute(f"{_STACKS}:execute_change_set"),
    ),
)
