"""Parse expressions into predicates on a partition's values, with SQL's three-valued logic."""

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.services.glue.catalog.expression.tokens import Token, tokens
from glue_local.services.glue.catalog.expression.values import literal, parameter, reader, sql_of, stored
from glue_local.store.partition_values import NULL, WIDTH

# True, False, or None if a null makes the result unknown.
Truth = Callable[[Sequence[str]], bool | None]


class Selection(NamedTuple):
    """A predicate on a partition's values: a function of them, and the same as an SQL condition.

    ``condition`` is over the columns of ``partition_values`` with ``?`` for ``parameters``; None if SQL cannot express it.
    ``depth`` is the nesting depth of its parentheses, ``negates`` the selection that this one negates.
    """

    truth: Truth
    condition: str | None
    parameters: tuple[Any, ...] = ()
    depth: int = 0
    negates: "Selection | None" = None


# SQLite's parser stack holds 100 symbols, and a level takes up to three; the function evaluates deeper expressions.
_DEEPEST = 20


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

    @property
    def sql(self) -> str | None:
        """The value in SQL, None if SQL does not order it as its type does."""
        return sql_of(self.read, self.position)


def parse(expression: str, partition_keys: Sequence[dict[str, Any]]) -> Selection:
    """Return ``expression`` as a predicate on a partition's values.

    ``partition_keys`` are the table's ({Name, Type}); values compare by those types. Follows ``Expression`` on
    AWS's GetPartitions page. Raises Invalid for an expression that cannot be parsed, an unknown partition key, or a key
    of a type that AWS does not list (such as double and float); NotEmulated for a LIKE with an escape.
    """
    return _Parser(expression, partition_keys).parsed()


def leading(expression: str, partition_keys: Sequence[dict[str, Any]]) -> list[str]:
    """Return the values that the expression requires for the first string keys, to narrow the scan.

    Empty if it requires none, and for any expression with OR or NOT, which could make a comparison optional.
    """
    parser = _Parser(expression, partition_keys)
    parser.parsed()
    demanded: list[str] = []
    while parser.conjunctive and len(demanded) in parser.equal:
        demanded.append(parser.equal[len(demanded)])
    return demanded


class _Group:
    """A parenthesized group: alternatives joined by OR, each a list of parts joined by AND."""

    def __init__(self, negated: bool) -> None:
        self._negated = negated
        self._alternatives: list[list[Selection]] = [[]]

    def add(self, test: Selection) -> None:
        self._alternatives[-1].append(test)

    def alternative(self) -> None:
        self._alternatives.append([])

    def test(self) -> Selection:
        test = _joined("OR", [_joined("AND", parts) for parts in self._alternatives])
        return _negated(test) if self._negated else test


class _Parser:
    def __init__(self, expression: str, partition_keys: Sequence[dict[str, Any]]) -> None:
        self._tokens = tokens(expression)
        self._at = 0
        self.conjunctive = not any(token.is_word("OR", "NOT") for token in self._tokens)
        self.equal: dict[int, str] = {}
        self._keys = {key["Name"].lower(): (n, key.get("Type", "string")) for n, key in enumerate(partition_keys)}

    def parsed(self) -> Selection:
        test = self._disjunction()
        if self._next.kind != "end":
            raise self._unexpected()
        return test

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

    def _disjunction(self) -> Selection:
        # An explicit stack: an expression can nest deeper than Python's call stack allows.
        groups = [_Group(negated=False)]
        while True:
            negated = self._negation()
            if self._took("("):
                groups.append(_Group(negated))
                continue
            test = self._predicate()
            groups[-1].add(_negated(test) if negated else test)
            while len(groups) > 1 and self._took(")"):
                inner = groups.pop()
                groups[-1].add(inner.test())
            if self._took("OR"):
                groups[-1].alternative()
            elif not self._took("AND"):
                break
        if len(groups) > 1:
            raise self._unexpected()
        return groups[0].test()

    def _negation(self) -> bool:
        negated = False
        while self._took("NOT"):
            negated = not negated
        return negated

    def _predicate(self) -> Selection:
        if self._next.kind == "literal" or self._is_typed_literal():
            text, symbol = self._literal(), self._comparison()
            return self._compared(self._column(), _FLIPPED.get(symbol, symbol), text)
        column = self._column()
        if self._took("IS"):
            wanted = not self._took("NOT")
            self._need("NULL")
            return _is_null(column, wanted)
        negated = self._took("NOT")
        if not negated and not self._next.is_word("IN", "BETWEEN", "LIKE"):
            return self._compared(column, self._comparison(), self._literal())
        test = self._ranged(column)
        return _negated(test) if negated else test

    def _compared(self, column: _Column, symbol: str, text: str) -> Selection:
        if symbol == "=" and column.read is str:
            self.equal[column.position] = text
        return _compared(column, symbol, text)

    def _ranged(self, column: _Column) -> Selection:
        if self._took("IN"):
            return self._in(column)
        if self._took("BETWEEN"):
            low = self._literal()
            self._need("AND")
            return _joined("AND", [_compared(column, ">=", low), _compared(column, "<=", self._literal())])
        self._need("LIKE")
        pattern = self._literal()
        # AWS's page documents no escape for a literal % or _, and AWS's behaviour was not observed.
        if self._next.is_word("ESCAPE") or "\\" in pattern:
            raise NotEmulated(f"LIKE '{pattern}': ESCAPE and \\ in a partition expression's pattern are not emulated")
        return _like(column, pattern)

    def _in(self, column: _Column) -> Selection:
        self._need("(")
        wanted = [literal(column.read, self._literal())]
        while self._took(","):
            wanted.append(literal(column.read, self._literal()))
        self._need(")")
        return _among(column, wanted)

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


def _compared(column: _Column, symbol: str, text: str) -> Selection:
    if text == NULL and column.read is str and symbol in ("=", "<>", "!="):
        # Clients search for null this way: on a string key, the text that represents null can be compared.
        return _is_null(column, wanted=symbol == "=")
    compare, wanted = _COMPARISONS[symbol], literal(column.read, text)
    return Selection(
        lambda values: None if (value := column.value(values)) is None else compare(value, wanted),
        column.sql and f"{column.sql} {symbol} ?",
        (parameter(wanted),),
    )


def _among(column: _Column, wanted: Sequence[Any]) -> Selection:
    if NULL in wanted:
        others = [value for value in wanted if value != NULL]
        return _joined("OR", [_is_null(column, wanted=True), *([_among(column, others)] if others else [])])
    members = set(wanted)
    return Selection(
        lambda values: None if (value := column.value(values)) is None else value in members,
        column.sql and f"{column.sql} IN ({', '.join('?' * len(wanted))})",
        tuple(parameter(value) for value in wanted),
    )


def _is_null(column: _Column, wanted: bool) -> Selection:
    return Selection(
        lambda values: (values[column.position] == NULL) is wanted,
        f"v{column.position} IS {'' if wanted else 'NOT '}NULL" if column.position < WIDTH else None,
    )


def _like(column: _Column, pattern: str) -> Selection:
    wildcards = {"%": ".*", "_": "."}
    like = re.compile("".join(wildcards.get(c) or re.escape(c) for c in pattern), re.DOTALL)
    # GLOB, because SQLite's LIKE is case-insensitive.
    glob = "".join({"%": "*", "_": "?"}.get(c) or (f"[{c}]" if c in "*?[" else c) for c in pattern)

    def truth(values: Sequence[str]) -> bool | None:
        value = values[column.position]
        return None if value == NULL else like.fullmatch(value) is not None

    return Selection(truth, f"v{column.position} GLOB ?" if column.position < WIDTH else None, (glob,))


def _negated(test: Selection) -> Selection:
    if test.negates:
        return test.negates
    return Selection(
        lambda values: None if (found := test.truth(values)) is None else not found,
        _within(test.depth + 1, test.condition and f"NOT ({test.condition})"),
        test.parameters,
        test.depth + 1,
        test,
    )


def _joined(word: str, parts: Sequence[Selection]) -> Selection:
    """Return the AND or OR of the parts, flat: SQLite parses a long chain but not deep nesting."""
    if len(parts) == 1:
        return parts[0]
    decisive = word == "OR"

    def truth(values: Sequence[str]) -> bool | None:
        unknown = False
        for part in parts:
            found = part.truth(values)
            if found is decisive:
                return decisive
            unknown = unknown or found is None
        return None if unknown else not decisive

    depth = 1 + max(part.depth for part in parts)
    conditions = [part.condition for part in parts if part.condition]
    condition = f" {word} ".join(f"({each})" for each in conditions) if len(conditions) == len(parts) else None
    parameters = tuple(value for part in parts for value in part.parameters)
    return Selection(truth, _within(depth, condition), parameters, depth)


def _within(depth: int, condition: str | None) -> str | None:
    return condition if depth <= _DEEPEST else None
