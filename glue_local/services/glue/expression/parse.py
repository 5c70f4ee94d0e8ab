"""Expressions read into functions of a partition's values, with SQL's three truth values."""

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from glue_local.core.faults import Invalid
from glue_local.services.glue.expression.tokens import Token, tokens
from glue_local.services.glue.expression.values import NULL, literal, reader, stored

# True, False, or None where a null makes the answer unknown.
Truth = Callable[[Sequence[str]], bool | None]

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


class _Column(NamedTuple):
    position: int
    read: Callable[[str], Any]

    def value(self, values: Sequence[str]) -> Any:
        return stored(self.read, values[self.position])


def parse(expression: str, partition_keys: Sequence[dict[str, Any]]) -> Truth:
    """Return the test that ``expression`` makes of a partition's values.

    ``partition_keys`` are the table's ({Name, Type}); values compare by those types. Follows the ``Expression`` of
    AWS's GetPartitions page. Raises Invalid for an expression that cannot be read or names no partition key.
    """
    return _Parser(expression, partition_keys).parsed()


def leading(expression: str, partition_keys: Sequence[dict[str, Any]]) -> list[str]:
    """Return the values that the expression demands of the first string keys, so that only those need be looked at.

    Empty where it demands none, and always where OR or NOT could make a comparison optional.
    """
    parser = _Parser(expression, partition_keys)
    parser.parsed()
    demanded: list[str] = []
    while parser.conjunctive and len(demanded) in parser.equal:
        demanded.append(parser.equal[len(demanded)])
    return demanded


class _Parser:
    def __init__(self, expression: str, partition_keys: Sequence[dict[str, Any]]) -> None:
        self._tokens = tokens(expression)
        self._at = 0
        self.conjunctive = not any(token.is_word("OR", "NOT") for token in self._tokens)
        self.equal: dict[int, str] = {}
        self._keys = {key["Name"].lower(): (n, key.get("Type", "string")) for n, key in enumerate(partition_keys)}

    def parsed(self) -> Truth:
        truth = self._or()
        if self._next.kind != "end":
            raise self._unexpected()
        return truth

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _took(self, *words: str) -> bool:
        if self._next.is_word(*words):
            self._at += 1
            return True
        return False

    def _need(self, word: str) -> None:
        if not self._took(word):
            raise self._unexpected()

    def _unexpected(self) -> Invalid:
        return Invalid(f"Invalid partition expression: unexpected '{self._next.text or 'end'}'")

    def _or(self) -> Truth:
        truth = self._and()
        while self._took("OR"):
            truth = _either(truth, self._and())
        return truth

    def _and(self) -> Truth:
        truth = self._not()
        while self._took("AND"):
            truth = _both(truth, self._not())
        return truth

    def _not(self) -> Truth:
        if self._took("NOT"):
            return _negated(self._not())
        if self._took("("):
            truth = self._or()
            self._need(")")
            return truth
        return self._predicate()

    def _predicate(self) -> Truth:
        if self._next.kind == "literal" or self._is_typed_literal():
            text, symbol = self._literal(), self._comparison()
            return self._compared(self._column(), _FLIPPED.get(symbol, symbol), text)
        column = self._column()
        if self._took("IS"):
            wanted = not self._took("NOT")
            self._need("NULL")
            return lambda values: (values[column.position] == NULL) is wanted
        truth_of = _negated if self._took("NOT") else None
        if truth_of is None and not self._next.is_word("IN", "BETWEEN", "LIKE"):
            return self._compared(column, self._comparison(), self._literal())
        truth = self._ranged(column)
        return truth_of(truth) if truth_of else truth

    def _compared(self, column: _Column, symbol: str, text: str) -> Truth:
        if symbol == "=" and column.read is str:
            self.equal[column.position] = text
        return _compared(column, symbol, text)

    def _ranged(self, column: _Column) -> Truth:
        if self._took("IN"):
            return self._in(column)
        if self._took("BETWEEN"):
            low = self._literal()
            self._need("AND")
            return _both(_compared(column, ">=", low), _compared(column, "<=", self._literal()))
        self._need("LIKE")
        return _like(column, self._literal())

    def _in(self, column: _Column) -> Truth:
        self._need("(")
        wanted = {literal(column.read, self._literal())}
        while self._took(","):
            wanted.add(literal(column.read, self._literal()))
        self._need(")")
        return lambda values: None if (value := column.value(values)) is None else value in wanted

    def _comparison(self) -> str:
        if self._next.kind != "symbol" or self._next.text not in _COMPARISONS:
            raise self._unexpected()
        return self._take().text

    def _is_typed_literal(self) -> bool:
        return self._next.is_word("DATE", "TIMESTAMP") and self._tokens[self._at + 1].kind == "literal"

    def _literal(self) -> str:
        if self._is_typed_literal():
            self._take()
        if self._next.kind != "literal":
            raise self._unexpected()
        return self._take().text

    def _column(self) -> _Column:
        if self._next.kind not in ("word", "quoted"):
            raise self._unexpected()
        name = self._take().text.lower()
        if name not in self._keys:
            raise Invalid(f"Unknown partition key '{name}' in expression; the keys are {', '.join(self._keys)}")
        position, type_name = self._keys[name]
        return _Column(position, reader(name, type_name))


def _compared(column: _Column, symbol: str, text: str) -> Truth:
    compare, wanted = _COMPARISONS[symbol], literal(column.read, text)
    return lambda values: None if (value := column.value(values)) is None else compare(value, wanted)


def _like(column: _Column, pattern: str) -> Truth:
    wildcards = {"%": ".*", "_": "."}
    like = re.compile("".join(wildcards.get(c) or re.escape(c) for c in pattern), re.DOTALL)

    def truth(values: Sequence[str]) -> bool | None:
        value = values[column.position]
        return None if value == NULL else like.fullmatch(value) is not None

    return truth


def _negated(truth: Truth) -> Truth:
    return lambda values: None if (found := truth(values)) is None else not found


def _both(left: Truth, right: Truth) -> Truth:
    def truth(values: Sequence[str]) -> bool | None:
        first = left(values)
        if first is False:
            return False
        second = right(values)
        return second if first or second is False else None

    return truth


def _either(left: Truth, right: Truth) -> Truth:
    inner = _both(_negated(left), _negated(right))
    return _negated(inner)
