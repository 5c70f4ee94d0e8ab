"""Recognize a statement by its opening words."""

import re

from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor

_FIRST = re.compile(r"(?:\s+|--[^\n]*|/\*.*?\*/)*([A-Za-z_]+|\()?", re.DOTALL)


def first_word(sql: str) -> str:
    """Return a text's first word in upper case, or an opening parenthesis; skips comments."""
    found = _FIRST.match(sql)
    return (found[1] or "").upper() if found else ""


def opens(cursor: Cursor, opening: str) -> bool:
    """Return whether a statement begins with ``opening``: words, ``A|B`` for either, and the ``<parts>`` below."""
    start = cursor.at
    try:
        return all(_passes(cursor, part) for part in opening.replace("<not exists>", "<not-exists>").split())
    except QueryFailed:
        return False
    finally:
        cursor.at = start


def _passes(cursor: Cursor, part: str) -> bool:
    if part == "<table>":
        return bool(cursor.table(double_quotes=True))
    if part == "<parentheses>":
        return bool(cursor.parenthesized())
    if part == "[<partition>]":
        return not cursor.accept("PARTITION") or bool(cursor.parenthesized())
    if part == "[<exists>]":
        return cursor.accept("IF", "EXISTS") or not cursor.reads("IF")
    if part == "[<not-exists>]":
        return cursor.accept("IF", "NOT", "EXISTS") or not cursor.reads("IF")
    if part == "[or-replace]":
        return cursor.accept("OR", "REPLACE") or not cursor.reads("OR")
    if part == "<query>":
        return _passes_query(cursor)
    return bool(cursor.accept_any(*part.split("|")))


def _passes_query(cursor: Cursor) -> bool:
    """Return whether ``AS`` and a query follow outside parentheses."""
    depth = 0
    while cursor.token() is not None:
        word = cursor.word()
        depth += {"(": 1, ")": -1}.get(word, 0)
        if not depth and word == "AS" and cursor.word(1) in ("SELECT", "WITH", "(", "VALUES", "TABLE"):
            return True
        cursor.at += 1
    return False
