"""Prepare a template for CloudFormation: expand AWS SAM resources, remove CDK metadata."""

from typing import Any

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.utils.py27hash_fix import to_py27_compatible_template, undo_mark_unicode_str_in_template

from glue_local.client.clients import new_session

SERVERLESS = "AWS::Serverless-2016-10-31"
_METADATA = "AWS::CDK::Metadata"


def transformed(template: dict[str, Any], parameters: dict[str, Any], region: str) -> dict[str, Any]:
    """Return the template with AWS::Serverless resources expanded; raises samtranslator's InvalidDocumentException."""
    transforms = template.get("Transform", [])
    if SERVERLESS in ([transforms] if isinstance(transforms, str) else transforms):
        template = _expanded(template, dict(parameters), region)
    template = _with_lists(template)
    resources = template.get("Resources", {})
    kept = {name: body for name, body in resources.items() if body.get("Type") != _METADATA}
    return {**template, "Resources": kept} if len(kept) < len(resources) else template


def _expanded(template: dict[str, Any], parameters: dict[str, Any], region: str) -> dict[str, Any]:
    to_py27_compatible_template(template, parameters)
    translator = Translator(None, Parser(), boto_session=new_session(region=region))
    # Without a map of AWS's managed policies, SAM builds their ARNs from their names.
    expanded = translator.translate(template, parameters, get_managed_policy_map=dict)
    found: dict[str, Any] = undo_mark_unicode_str_in_template(expanded)
    return found


def _with_lists(value: Any) -> Any:
    """Return a template with each Fn::GetAtt in list form, the only one that moto reads."""
    if isinstance(value, list):
        return [_with_lists(each) for each in value]
    if not isinstance(value, dict):
        return value
    name = value.get("Fn::GetAtt")
    if isinstance(name, str):
        return {"Fn::GetAtt": name.split(".", 1)}
    return {key: _with_lists(each) for key, each in value.items()}
