"""Splitting statements: semicolons in quotes and comments are ignored."""

import pytest

from glue_local.cli.sql.statements import complete


@pytest.mark.parametrize(
    ("text", "statements", "rest"),
    [
        ("select 1", [], "select 1"),
        ("select 1;", ["select 1"], ""),
        ("select 1; select 2", ["select 1"], "select 2"),
        ("select ';' ; select \"a;b\", `c;d`;", ["select ';'", 'select "a;b", `c;d`'], ""),
        ("select 1 -- one; two\n;", ["select 1 -- one; two"], ""),
        ("/* a; b */ select 'it''s;';", ["/* a; b */ select 'it''s;'"], ""),
        ("select 'two\nlines;", [], "select 'two\nlines;"),
        ("select 'two\nlines;';", ["select 'two\nlines;'"], ""),
        (" ;; -- nothing\n;", [], ""),
        ("-- nothing", [], ""),
    ],
)
def test_text_is_split_at_semicolons(text: str, statements: list[str], rest: str) -> None:
    assert complete(text) == (statements, rest)
