"""SearchTables: search the tables of all databases by text and properties."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

from glue_local.core.faults import Invalid
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 100
# AWS's page names -, : and # "etc."; an underscore is part of a word.
_BETWEEN_TOKENS = re.compile(r"[^\w]+")
_TIMES = ("CreateTime", "UpdateTime", "LastAccessTime", "LastAnalyzedTime")
_TEXTS = ("Name", "DatabaseName", "Description", "Owner", "TableType", "ViewOriginalText", "ViewExpandedText")
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "EQUALS": lambda held, given: held == given,
    "GREATER_THAN": lambda held, given: held > given,
    "LESS_THAN": lambda held, given: held < given,
    "GREATER_THAN_EQUALS": lambda held, given: held >= given,
    "LESS_THAN_EQUALS": lambda held, given: held <= given,
}


def search_tables(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """SearchTables: return a page of {TableList, NextToken}: tables that match ``SearchText`` and all ``Filters``.

    Every word of ``SearchText`` must occur in the names, descriptions, columns, locations or parameters; quoted text
    must equal a whole value. A filter compares text by its tokens and times by ``Comparator``.
    Errors: InvalidInputException.
    """
    tests = [_predicate(each) for each in request.get("Filters", [])]
    if "SearchText" in request:
        tests.append(_text_search(request["SearchText"]))
    tables = [table for _, table in ctx.documents.scan(kinds.TABLE) if all(test(table) for test in tests)]
    sort: dict[str, str] = next(iter(request.get("SortCriteria", [])), {})
    order = _order(sort)
    listing = ("SearchTables", request.get("Filters"), request.get("SearchText"), sort)
    found, token = page(sorted(tables, key=order), request, _PAGE, listing=listing, key=order)
    return {"TableList": found, "NextToken": token}


def _text_search(text: str) -> Callable[[Document], bool]:
    quoted = re.fullmatch(r'"(.*)"', text.strip(), re.DOTALL)
    if quoted:
        return lambda table: quoted[1].lower() in (held.lower() for held in _texts(table))
    words = text.lower().split()
    return lambda table: all(any(word in held.lower() for held in _texts(table)) for word in words)


def _texts(table: Document) -> Iterator[str]:
    yield from (table[name] for name in _TEXTS if table.get(name))
    yield from table.get("Parameters", {}).values()
    descriptor = table.get("StorageDescriptor", {})
    yield descriptor.get("Location", "")
    for column in [*descriptor.get("Columns", []), *table.get("PartitionKeys", [])]:
        yield from (column["Name"], column.get("Comment", ""))


def _predicate(given: dict[str, str]) -> Callable[[Document], bool]:
    key, value = given.get("Key", ""), given.get("Value", "")
    if not key:
        raise Invalid("Key of a filter should not be null.")
    if key in _TIMES:
        compare, instant = _COMPARED[given.get("Comparator", "EQUALS")], _instant(value)
        return lambda table: key in table and compare(table[key], instant)
    wanted = value.lower()

    def held(table: Document) -> bool:
        text = str(table.get(key, table.get("Parameters", {}).get(key, ""))).lower()
        return wanted == text or wanted in _BETWEEN_TOKENS.split(text)

    return held


def _instant(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Invalid(f"Filter value {text} is not a time.") from None
    return (instant if instant.tzinfo else instant.replace(tzinfo=timezone.utc)).timestamp()


def _order(sort: dict[str, str]) -> Callable[[Document], tuple[Any, ...]]:
    field, descending = sort.get("FieldName", "Name"), sort.get("Sort") == "DESC"

    def key(table: Document) -> tuple[Any, ...]:
        if field in _TIMES:
            instant = table.get(field, 0)
            return (-instant if descending else instant, table["DatabaseName"], table["Name"])
        text = str(table.get(field, ""))
        # A shorter text sorts before a longer one with the same start; negated code points reverse that.
        letters = [*(-ord(letter) for letter in text), 1] if descending else text
        return (letters, table["DatabaseName"], table["Name"])

    return key
