"""JQ expressions of MetadataExtraction. The local jq is newer than Firehose's 1.6, so newer syntax is refused."""

import re
from importlib import import_module

from glue_local.core.faults import Invalid

_STRING = re.compile(r'"(?:\\.|[^"\\])*"')
_DEFINED = re.compile(r"\bdef\s+(\w+)")
# Field names do not count, as in `.trim`, `{trim: 1}` and `{trim}`.
_WORD = re.compile(r"(?<![.\w$])@?[a-z]\w*(?!\s*:)")
_KEY = re.compile(r"[{,]\s*[a-z]\w*(?=\s*[,}])")
_NEWER_FORM = re.compile(r"(?<![.\w$])(?:add|debug)\s*\(")
_SINCE_1_7 = frozenset(
    {"abs", "have_decnum", "have_literal_numbers", "ltrim", "pick", "rtrim", "skip", "toarray", "trim", "trimstr"}
    | {"@base32d", "@urid"}
)


def check_query(query: str) -> None:
    """Raise Invalid for a query that is not valid in JQ 1.6."""
    try:
        # Imported by name: jq belongs to the extra "firehose".
        import_module("jq").compile(query)
    except ValueError as error:
        raise Invalid(f"MetadataExtractionQuery {query} is not a JQ expression: {error}") from None
    plain = _STRING.sub('""', query)
    if form := _NEWER_FORM.search(plain):
        raise Invalid(f"MetadataExtractionQuery {query}: JQ 1.6, which Firehose uses, does not support {form[0]}…).")
    words = _WORD.findall(_KEY.sub("{", plain))
    if newer := _SINCE_1_7 & set(words) - set(_DEFINED.findall(plain)):
        raise Invalid(f"MetadataExtractionQuery {query}: JQ 1.6, which Firehose uses, does not support {min(newer)}.")
    if words.count("if") != words.count("else"):
        raise Invalid(f"MetadataExtractionQuery {query}: JQ 1.6, which Firehose uses, needs an else for every if.")
