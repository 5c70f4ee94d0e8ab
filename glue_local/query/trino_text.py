"""Names, values and lists in Trino's spelling."""

from collections.abc import Iterable, Mapping


def quoted(name: str) -> str:
    """``"name"``."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """``'value'``."""
    return "'" + value.replace("'", "''") + "'"


def array(values: Iterable[str]) -> str:
    """``ARRAY['a', 'b']``."""
    return f"ARRAY[{', '.join(text(value) for value in values)}]"


def mapping(given: Mapping[str, str]) -> str:
    """``MAP(ARRAY['a'], ARRAY['b'])``."""
    return f"MAP({array(given.keys())}, {array(given.values())})"
