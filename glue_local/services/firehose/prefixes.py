"""Validate a destination's prefixes before anything is delivered.

Page: https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
"""

import re
from typing import Any
from zoneinfo import available_timezones

from glue_local.core.faults import Invalid, NotEmulated

TIMESTAMP_LETTERS = frozenset("yuYMdDHhmsSEaZ")
"""The timestamp pattern letters that the delivery can format."""

_ERROR_TYPE = ("firehose", "error-output-type")
_EXPRESSION = re.compile(r"!\{([^:}]*):?([^}]*)\}")
_UNCLOSED = re.compile(r"!\{[^}]*$")
_QUOTED = re.compile(r"'[^']*'")


def check_prefixes(destination: dict[str, Any]) -> None:
    """Raise Invalid for prefixes that Firehose refuses, NotEmulated for those that the delivery does not support."""
    prefix, error_prefix = destination.get("Prefix", ""), destination.get("ErrorOutputPrefix", "")
    expressions, error_expressions = _EXPRESSION.findall(prefix), _EXPRESSION.findall(error_prefix)
    for given in (prefix, error_prefix):
        if _UNCLOSED.search(given):
            raise Invalid(f"The expression {_UNCLOSED.findall(given)[0]} has no closing brace.")
    zone = destination.get("CustomTimeZone", "UTC")
    if zone not in available_timezones():
        raise Invalid(f"CustomTimeZone {zone} is not the name of a time zone.")
    for namespace, value in (*expressions, *error_expressions):
        _check(namespace, value)
    if _ERROR_TYPE in expressions:
        raise Invalid("Prefix cannot contain !{firehose:error-output-type}.")
    if "!{partitionKeyFrom" in error_prefix:
        raise Invalid("ErrorOutputPrefix cannot contain partition keys.")
    if expressions and not error_prefix:
        raise Invalid("ErrorOutputPrefix is required when Prefix contains expressions.")
    if error_expressions and _ERROR_TYPE not in error_expressions:
        raise Invalid("ErrorOutputPrefix must contain at least one !{firehose:error-output-type}.")


def _check(namespace: str, value: str) -> None:
    expression = f"!{{{namespace}:{value}}}"
    if namespace == "partitionKeyFromQuery" and value:
        return
    if namespace == "partitionKeyFromLambda":
        raise NotEmulated(f"{expression} needs a processor of type Lambda, which is not emulated.")
    if namespace == "timestamp":
        if not value or value.count("'") % 2:
            raise Invalid(f"{expression} is not a valid timestamp pattern.")
        unknown = {letter for letter in _QUOTED.sub("", value) if letter.isalpha()} - TIMESTAMP_LETTERS
        if unknown:
            raise NotEmulated(f"{expression}: the timestamp pattern letter {min(unknown)} is not emulated.")
    elif (namespace, value) not in (_ERROR_TYPE, ("firehose", "random-string")):
        raise Invalid(f"{expression} is not a Firehose expression.")
