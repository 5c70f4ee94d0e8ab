"""Split text into statements, because Athena accepts one per query."""

from glue_local.query.text import bare, pieces

_QUOTES = ("'", '"', "`")


def complete(text: str) -> tuple[list[str], str]:
    """Return the statements that end with a semicolon, and the rest. Ignores semicolons in quotes and comments."""
    found, current, quoted = [], "", False
    for kind, piece in pieces(text):
        # A piece that is only a quote opens a string that is not closed yet.
        quoted = quoted or (kind == "other" and piece in _QUOTES)
        if piece == ";" and kind == "other" and not quoted:
            found.append(current.strip())
            current = ""
        else:
            current += piece
    return [each for each in found if bare(each)], current.strip() if bare(current) else ""
