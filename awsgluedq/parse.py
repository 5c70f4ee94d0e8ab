"""Parse a DQDL ruleset into rules.

Page: https://docs.aws.amazon.com/glue/latest/dg/dqdl.html
"""

from typing import NoReturn

from awsgluedq.rule_types import ABSENT, ALIASES, RULE_TYPES
from awsgluedq.ruleset import KEYWORDS, Composite, Condition, Operand, Rule
from awsgluedq.tokens import Token, collapsed, error, tokens

_COMPARISONS = ("=", "!=", ">", "<", ">=", "<=")
_OPERATORS = ("not", "between", "in", "matches")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_CLAUSES = ("where", "with", "and", "or", "labels", *_OPERATORS)
# Functions of dynamic rules.
_HISTORY = ("last", "avg", "median", "max", "min", "sum", "std", "abs", "index")


def parse(ruleset: str) -> list[Rule | Composite]:
    """Parse a ruleset; raises BadRuleset with the line number, or NotImplementedError for parts not emulated."""
    return _Parser(ruleset).ruleset()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = tokens(source)
        self._at = 0
        self._constants: dict[str, str] = {}

    def ruleset(self) -> list[Rule | Composite]:
        rules: list[Rule | Composite] | None = None
        while self._now.kind != "end":
            name = self._take("word", "a constant's name or Rules").value
            self._sign("=")
            if name == "Rules":
                rules = self._list()
            elif name in ("Analyzers", "DefaultLabels"):
                raise NotImplementedError(f"DQDL's {name} are not emulated: they need statistics of earlier runs")
            else:
                self._constants[name] = self._text("a constant's text")
            if rules is not None and self._now.says("]"):
                # AWS's own tutorial has an extra closing bracket.
                self._at += 1
        if not rules:
            raise error(self._source, 0, "no rules: write Rules = [ … ]")
        return rules

    def _list(self) -> list[Rule | Composite]:
        self._sign("[")
        rules = []
        while not self._now.says("]"):
            rules.append(self._rule())
            if not self._now.says("]"):
                self._sign(",")
        self._sign("]")
        return rules

    def _rule(self) -> Rule | Composite:
        start = self._now.start
        if not self._now.says("("):
            return self._simple()
        rules, joined = [self._enclosed()], ""
        while self._now.says("and", "or"):
            word = self._next().value.lower()
            if joined and word != joined:
                self._wrong("put parentheses around the parts when you mix and with or")
            joined = word
            rules.append(self._enclosed())
        if not joined:
            return rules[0]
        text = collapsed(self._source[start : self._tokens[self._at - 1].end])
        return Composite(text, "and" if joined == "and" else "or", tuple(rules))

    def _enclosed(self) -> Rule | Composite:
        self._sign("(")
        rule = self._rule()
        self._sign(")")
        return rule

    def _simple(self) -> Rule:
        begin = self._take("word", "a rule type")
        kind = ALIASES.get(begin.value, begin.value)
        if kind in ABSENT:
            raise NotImplementedError(f"the DQDL rule type {kind} is not emulated: {ABSENT[kind]}")
        if kind not in RULE_TYPES:
            self._wrong(f"unknown rule type {kind}: use one of {', '.join(RULE_TYPES)}", begin)
        parameters = []
        while self._now.kind in ("text", "constant") or self._is_bare_name():
            parameters.append(self._next().value if self._now.kind == "word" else self._text("a parameter"))
        condition = self._condition() if self._now.says(*_COMPARISONS, *_OPERATORS) else None
        where = threshold = None
        while self._now.says("where", "with"):
            if self._next().value.lower() == "where":
                where = self._text("a condition in Spark SQL")
            else:
                if not self._next().says("threshold"):
                    self._wrong("expected threshold after with")
                threshold = self._condition()
        if self._now.says("labels"):
            raise NotImplementedError("DQDL's labels are not emulated")
        text = collapsed(self._source[begin.start : self._tokens[self._at - 1].end])
        rule = Rule(text, kind, tuple(parameters), condition, where, threshold)
        wrong = RULE_TYPES[kind].wrong(rule)
        if wrong:
            self._wrong(f"{text}: {wrong}", begin)
        return rule

    def _is_bare_name(self) -> bool:
        """Return whether the next token is a column name without quotes, as in some of AWS's examples."""
        return self._now.kind == "word" and not self._now.says(*_CLAUSES) and self._now.value not in RULE_TYPES

    def _condition(self) -> Condition:
        word = self._next()
        operator = word.value.lower()
        if operator == "not":
            operator = f"not {self._next().value.lower()}"
        if operator in _COMPARISONS:
            return Condition(operator, (self._operand(),))
        if operator in ("between", "not between"):
            low = self._operand()
            if not self._next().says("and"):
                self._wrong("between needs two values: between 1 and 2")
            return Condition(operator, (low, self._operand()))
        if operator in ("matches", "not matches"):
            return Condition(operator, (Operand("text", self._text("a regular expression")),))
        if operator not in ("in", "not in"):
            self._wrong(f"unknown operator {operator}", word)
        self._sign("[")
        values = [self._operand()]
        while self._now.says(","):
            self._at += 1
            values.append(self._operand())
        self._sign("]")
        return Condition(operator, tuple(values))

    def _operand(self) -> Operand:
        if self._now.kind in ("text", "constant"):
            return Operand("text", self._text("a value"))
        if self._now.kind == "word" and self._now.value.upper() in KEYWORDS:
            return Operand("keyword", self._next().value.upper())
        if self._now.says(*_HISTORY):
            raise NotImplementedError(f"dynamic rules ({self._now.value}(…)) are not emulated: they need earlier runs")
        if self._now.says("("):
            self._at += 1
            operand = self._operand()
            self._sign(")")
            return operand
        if self._now.says("now"):
            return self._moment()
        sign = -1.0 if self._now.says("-") else 1.0
        if self._now.says("-", "+"):
            self._at += 1
        number = sign * float(self._take("number", "a value").value)
        unit = self._now.value.lower().removesuffix("s") if self._now.kind == "word" else ""
        if unit not in _SECONDS:
            return Operand("number", number)
        self._at += 1
        return Operand("duration", number * _SECONDS[unit])

    def _moment(self) -> Operand:
        self._at += 1
        self._sign("(")
        self._sign(")")
        if not self._now.says("-", "+"):
            return Operand("moment", 0.0)
        sign = -1.0 if self._next().value == "-" else 1.0
        shift = self._operand()
        if shift.kind != "duration":
            self._wrong("a duration subtracted from now() needs a unit: now() - 3 days")
        return Operand("moment", sign * float(shift.value))

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, kind: str, what: str) -> Token:
        if self._now.kind != kind:
            self._wrong(f"expected {what}, not {self._now.value or 'the end'!r}")
        return self._next()

    def _text(self, what: str) -> str:
        if self._now.kind != "constant":
            return self._take("text", f'{what} in "quotes"').value
        name = self._next().value[1:]
        if name not in self._constants:
            self._wrong(f"the constant {name} is not defined")
        return self._constants[name]

    def _sign(self, sign: str) -> None:
        if not self._now.says(sign):
            self._wrong(f"expected {sign!r}, not {self._now.value or 'the end'!r}")
        self._at += 1

    def _wrong(self, message: str, token: Token | None = None) -> NoReturn:
        raise error(self._source, (token or self._now).start, message)
