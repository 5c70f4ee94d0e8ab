"""Exclude patterns of S3 targets: globs on paths relative to the include path.

https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html#crawler-data-stores-exclude
"""

import re
from collections.abc import Callable, Sequence


def matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Return a function that tells whether a relative path matches any of the patterns."""
    compiled = [re.compile(_regex(pattern), re.DOTALL) for pattern in patterns]
    return lambda path: any(one.fullmatch(path) for one in compiled)


def _regex(pattern: str) -> str:
    """Translate a glob: ``*`` and ``?`` stop at folders, ``**`` does not, ``[…]``, ``{a,b}``, and ``\\`` for a literal."""
    out, at, depth = [], 0, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "*" and pattern[at : at + 2] == "**":
            out.append(".*")
            at += 1
        elif character == "[" and (end := pattern.find("]", at + 2)) > 0:
            out.append(_bracket(pattern[at + 1 : end]))
            at = end
        elif character == "\\" and at + 1 < len(pattern):
            at += 1
            out.append(re.escape(pattern[at]))
        elif character == "{":
            depth += 1
            out.append("(?:")
        elif depth and character in ",}":
            depth -= character == "}"
            out.append("|" if character == "," else ")")
        else:
            out.append({"*": "[^/]*", "?": "[^/]"}.get(character, re.escape(character)))
        at += 1
    return "".join(out) + ")" * depth


def _bracket(inner: str) -> str:
    negated = inner.startswith("!")
    escaped = (inner[1:] if negated else inner).replace("\\", "\\\\").replace("[", "\\[").replace("^", "\\^")
    # An invalid range would be an error of the regular expression: take its characters literally.
    try:
        re.compile(f"[{escaped}]")
    except re.error:
        escaped = re.escape(inner[1:] if negated else inner)
    return f"(?!/)[{'^' if negated else ''}{escaped}]"
