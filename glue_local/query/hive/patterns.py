"""Hive's name patterns: ``*`` for any characters, ``|`` between alternatives, else a regular expression."""

import re
from collections.abc import Callable

from glue_local.query.hive import failures

Test = Callable[[str], bool]

# A star after a class, a group or a dot belongs to a regular expression: [a-z0-9]*analytics, .*logs.
_WILDCARD = re.compile(r"(?<![\])}.])\*")


def matcher(pattern: str | None) -> Test:
    """Return a case-insensitive test for whole names; without a pattern every name passes.

    https://docs.aws.amazon.com/athena/latest/ug/show-tables.html
    """
    if pattern is None:
        return lambda name: True
    try:
        regular = re.compile(_WILDCARD.sub(".*", pattern), re.IGNORECASE)
    except re.error as error:
        raise failures.semantic(f"Pattern '{pattern}' is not a regular expression: {error}") from None
    return lambda name: regular.fullmatch(name) is not None
