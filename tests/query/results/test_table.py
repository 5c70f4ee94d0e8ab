"""Rows as Athena's CSV: https://docs.aws.amazon.com/athena/latest/ug/querying.html"""

from glue_local.query.results.table import header, lines, plain
from glue_local.query.statement import Column

COLUMNS = [Column("a", "integer"), Column('b"c', "varchar")]


def test_every_value_is_quoted_and_null_is_empty() -> None:
    assert header(COLUMNS) == b'"a","b""c"\n'
    content = b"".join(lines(COLUMNS, [[[1, 'x"y'], [None, ""]], [], [[2, "line\nbreak, é"]]]))
    assert content == '"1","x""y"\n,""\n"2","line\nbreak, é"\n'.encode()


def test_rows_of_text_have_tabs_between() -> None:
    assert plain([["a", None], ["b", 1]]) == "a\t\nb\t1\n"
