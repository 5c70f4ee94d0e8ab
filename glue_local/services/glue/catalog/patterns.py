"""Name patterns of GetTables and GetUserDefinedFunctions."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from glue_local.core.faults import Invalid

_HIVE_PATTERN = re.compile(r"[\w *|-]+")


def matcher(expression: str) -> Callable[[str], bool]:
    """Return a case-insensitive matcher for whole names; raises Invalid.

    A pattern that only has name characters, ``*`` (any characters) and ``|`` (or) is a Hive pattern; any other is a
    regular expression, as AWS's page says.
    """
    if _HIVE_PATTERN.fullmatch(expression):
        alternatives = expression.lower().split("|")
        return lambda name: any(fnmatchcase(name, alternative) for alternative in alternatives)
    try:
        regular = re.compile(expression, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise Invalid(f"Expression {expression} is not a regular expression: {error}") from None
    return lambda name: regular.fullmatch(name) is not None
