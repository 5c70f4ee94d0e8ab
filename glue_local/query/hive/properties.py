"""Property lists: ``('name' = 'value', …)``."""

from glue_local.query.hive.cursor import Cursor


def parse(cursor: Cursor) -> dict[str, str]:
    """Consume ``('name' = 'value', …)``."""
    cursor.expect("(")
    found = {}
    while True:
        name = cursor.string()
        cursor.expect("=")
        found[name] = cursor.literal()
        if not cursor.accept(","):
            break
    cursor.expect(")")
    return found


def parse_names(cursor: Cursor) -> list[str]:
    """Consume ``('name', …)``."""
    cursor.expect("(")
    found = [cursor.string()]
    while cursor.accept(","):
        found.append(cursor.string())
    cursor.expect(")")
    return found
