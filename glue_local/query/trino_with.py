"""Parse ``WITH (name = value, …)`` of Athena's CTAS and UNLOAD."""

from dataclasses import dataclass

from glue_local.query.failure import QueryFailed
from glue_local.query.hive.cursor import Cursor

Value = str | int | bool | list[str]


@dataclass(frozen=True)
class Properties:
    """Properties by name. Each method removes one; those that remain at the end are unknown."""

    statement: str
    values: dict[str, Value]

    def text(self, name: str) -> str | None:
        """Remove and return a string, None if absent."""
        value = self.values.pop(name, None)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "a string in single quotes")
        return value

    def number(self, name: str) -> int | None:
        """Remove and return a number, None if absent; Athena also accepts it in quotes."""
        value = self.values.pop(name, None)
        try:
            return None if value is None else int(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise self._wrong(name, "a number") from None

    def flag(self, name: str) -> bool | None:
        """Remove and return a boolean, None if absent."""
        value = self.values.pop(name, None)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def names(self, name: str) -> list[str]:
        """Remove and return an array of strings, empty if absent."""
        value = self.values.pop(name, [])
        if not isinstance(value, list):
            raise self._wrong(name, "ARRAY['…']")
        return value

    def end(self) -> None:
        """Refuse remaining properties."""
        for name in self.values:
            raise QueryFailed(f"INVALID_TABLE_PROPERTY: {self.statement} has no property '{name}'", error_type=1103)

    def _wrong(self, name: str, wanted: str) -> QueryFailed:
        return QueryFailed(
            f"INVALID_TABLE_PROPERTY: {self.statement}: property '{name}' must be {wanted}", error_type=1103
        )


def parse(cursor: Cursor, statement: str) -> Properties:
    """Consume ``(name = value, …)``."""
    cursor.expect("(")
    values: dict[str, Value] = {}
    while True:
        name = cursor.name(double_quotes=True)
        cursor.expect("=")
        values[name] = _value(cursor)
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return Properties(statement, values)


def _value(cursor: Cursor) -> Value:
    if cursor.accept("ARRAY"):
        cursor.expect("[")
        found = [cursor.string()] if cursor.is_string() else []
        while found and cursor.accept(","):
            found.append(cursor.string())
        cursor.expect("]")
        return found
    if cursor.is_string():
        return cursor.string()
    truth = cursor.accept_any("TRUE", "FALSE")
    if truth:
        return truth == "TRUE"
    number = cursor.literal()
    return int(number) if number.lstrip("-").isdigit() else number
