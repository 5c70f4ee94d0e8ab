"""GetPartitions' expressions, compared with SQLite as an independent evaluator, and by type."""

import random
import sqlite3

import pytest

from glue_local.core.faults import Invalid
from glue_local.services.glue.catalog.expression import Selection, leading, parse
from glue_local.store import Store, kinds

KEYS = [{"Name": "s", "Type": "string"}, {"Name": "n", "Type": "int"}, {"Name": "d", "Type": "date"}]
_LITERALS = {
    "s": lambda rng: f"'{rng.choice('abcd')}{rng.randrange(3)}'",
    "n": lambda rng: str(rng.randrange(-3, 12)),
    "d": lambda rng: f"'2024-0{rng.randrange(1, 4)}-1{rng.randrange(10)}'",
}
_NULL = "__HIVE_DEFAULT_PARTITION__"


def _predicate(rng: random.Random) -> str:
    key = rng.choice("snd")
    one, other = _LITERALS[key](rng), _LITERALS[key](rng)
    negation = rng.choice(["", "NOT "])
    return rng.choice(
        [
            f"{key} {rng.choice(['=', '<>', '!=', '<', '<=', '>', '>='])} {one}",
            f"{one} {rng.choice(['<', '<=', '>', '>=', '='])} {key}",
            f"{key} {negation}IN ({one}, {other})",
            f"{key} {negation}BETWEEN {one} AND {other}",
            f"s {negation}LIKE '{rng.choice(['a%', '%1', '_2', 'b_', '%'])}'",
            f"{key} IS {negation}NULL",
        ]
    )


def _expression(rng: random.Random, depth: int) -> str:
    if depth == 0:
        return _predicate(rng)
    left, right = _expression(rng, depth - 1), _expression(rng, depth - 1)
    return rng.choice([f"{left} AND {right}", f"{left} OR {right}", f"({left}) and ({right})", f"NOT ({left})"])


@pytest.mark.parametrize("seed", range(200))
def test_random_expressions_select_what_sqlite_selects(seed: int) -> None:
    rng = random.Random(seed)
    rows = [tuple(_NULL if rng.random() < 0.1 else _LITERALS[key](rng).strip("'") for key in "snd") for _ in range(60)]
    expression = _expression(rng, rng.randrange(4))
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE p (s TEXT, n INTEGER, d TEXT, at INTEGER)")
    null = [[None if value == _NULL else value for value in row] for row in rows]
    database.executemany("INSERT INTO p VALUES (?, ?, ?, ?)", [(*row, at) for at, row in enumerate(null)])
    expected = {at for (at,) in database.execute(f"SELECT at FROM p WHERE {expression}")}
    database.close()
    test = parse(expression, KEYS)
    assert {at for at, row in enumerate(rows) if test.truth(row)} == expected, expression
    chosen = {rows[at] for at in expected}
    assert _by_condition(rows, test) == chosen, expression


@pytest.mark.parametrize(
    "operators", ["not(s = 'x' or s = 'a' and ", "(n = 2 or (s = 'a' and ", "not(not(s = 'b') and "]
)
def test_sqlite_parses_every_nested_condition_it_gets(operators: str) -> None:
    rows = [("a", "1", "2024-01-01"), ("a", "1", "2024-02-01")]
    handed = []
    for levels in range(1, 30):
        expression = (
            operators * levels + "d IN ('2024-01-01') " + ")" * ((operators.count("(") - operators.count(")")) * levels)
        )
        test = parse(expression, KEYS)
        handed.append(test.condition is not None)
        if test.condition is not None:
            assert _by_condition(rows, test) == {row for row in rows if test.truth(row)}
    assert (handed[0], handed[-1]) == (True, False)


def _by_condition(rows: list[tuple[str, ...]], test: Selection) -> set[tuple[str, ...]]:
    store = Store.open(":memory:")
    documents = store.scope("000000000000", "us-east-1")
    for row in rows:
        documents.write(kinds.PARTITION, "d", "t", *row, doc={"Values": row})
    assert test.condition is not None
    found = documents.partition_keys("d", "t", condition=test.condition, parameters=test.parameters)
    store.close()
    return {key[2:] for key in found}


@pytest.mark.parametrize(
    ("type_name", "expression", "value", "selected"),
    [
        ("string", "k > 9", "10", False),
        ("bigint", "k > 9", "10", True),
        ("tinyint", "k = '07'", "7", True),
        ("smallint", "k <> 7", "7", False),
        ("long", "k BETWEEN 1 AND 3", "3", True),
        ("decimal(10,2)", "k = 1.50", "1.5", True),
        ("date", "k >= date '2024-02-29'", "2024-03-01", True),
        ("timestamp", "k < timestamp '2024-01-01 10:00:00'", "2024-01-01 09:59:59", True),
        ("string", "k = 'it''s'", "it's", True),
        ("int", "k = 7", "not a number", False),
        ("int", "NOT k = 7", "not a number", False),
        ("date", "k <> '2024-01-01'", "20240102", False),
        ("string", "k LIKE 'a*[%'", "a*[b", True),
        ("string", "k LIKE 'a*[%'", "axxb", False),
        ("string", "k LIKE 'A%'", "ab", False),
    ],
)
def test_values_compare_by_the_type_of_their_key(type_name: str, expression: str, value: str, selected: bool) -> None:
    test = parse(expression, [{"Name": "k", "Type": type_name}])
    assert bool(test.truth([value])) is selected
    if test.condition is not None:
        assert bool(_by_condition([(value,)], test)) is selected


@pytest.mark.parametrize(
    "expression",
    ["s =", "s = 'a' AND", "(s = 'a'", "s = 'a' s", "x = 1", "s LIKE", "n = 'abc'", "s ? 1", "n IN ()", "s 'a'"],
)
def test_an_invalid_expression_is_refused(expression: str) -> None:
    with pytest.raises(Invalid):
        parse(expression, KEYS)


@pytest.mark.parametrize(
    ("expression", "demanded"),
    [
        ("s = 'a' AND n = 1", ["a"]),
        ("'a' = s AND n > 1", ["a"]),
        ("s = 'a' OR n = 1", []),
        ("NOT s = 'a'", []),
        ("n = 1", []),
        ("s > 'a'", []),
    ],
)
def test_only_required_values_narrow_the_scan(expression: str, demanded: list[str]) -> None:
    assert leading(expression, KEYS) == demanded
