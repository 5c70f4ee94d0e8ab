"""Match the model's regular expressions, which are Java's, as Java's ``String.matches`` does."""

from functools import cache

import regex

# Java writes characters beyond the Basic Multilingual Plane as surrogate pairs; Python strings have none.
_SURROGATES = r"\uD800\uDC00-\uDBFF\uDFFF"
_BEYOND_BASIC_PLANE = r"\U00010000-\U0010FFFF"


@cache
def _compiled(pattern: str) -> "regex.Pattern[str]":
    return regex.compile(pattern.replace(_SURROGATES, _BEYOND_BASIC_PLANE))


def matches(pattern: str, value: str) -> bool:
    """Tell whether the whole value matches a shape's pattern."""
    return _compiled(pattern).fullmatch(value) is not None
