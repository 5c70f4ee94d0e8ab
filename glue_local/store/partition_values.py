"""Partition values as SQL columns beside the documents, so that SQLite evaluates conditions on them."""

from glue_local.store import kinds

WIDTH = 8
"""How many partition keys have columns: ``v0`` … is the text, ``n0`` … its value if it is a whole number."""

# The text that Hive and Glue write for a null partition value.
NULL = "__HIVE_DEFAULT_PARTITION__"


def _text(document: str, place: int) -> str:
    return f"nullif(json_extract({document}, '$.Values[{place}]'), '{NULL}')"


def _number(text: str) -> str:
    digits = f"ltrim({text}, '-')"
    whole = f"{digits} <> '' AND {digits} NOT GLOB '*[^0-9]*' AND {text} NOT GLOB '--*'"
    return f"CASE WHEN {whole} THEN CAST({text} AS INTEGER) END"


def _values_of(document: str) -> str:
    texts = [_text(document, place) for place in range(WIDTH)]
    return ", ".join([*texts, *map(_number, texts)])


_COLUMNS = ", ".join(f"{letter}{place}" for letter in "vn" for place in range(WIDTH))

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS partition_values (
    account TEXT NOT NULL, region TEXT NOT NULL, key TEXT NOT NULL, {_COLUMNS},
    PRIMARY KEY (account, region, key)
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS partition_inserted AFTER INSERT ON documents WHEN NEW.kind = '{kinds.PARTITION}'
BEGIN
    INSERT INTO partition_values VALUES (NEW.account, NEW.region, NEW.key, {_values_of("NEW.document")});
END;
CREATE TRIGGER IF NOT EXISTS partition_deleted AFTER DELETE ON documents WHEN OLD.kind = '{kinds.PARTITION}'
BEGIN
    DELETE FROM partition_values WHERE account = OLD.account AND region = OLD.region AND key = OLD.key;
END;
INSERT INTO partition_values SELECT account, region, key, {_values_of("document")} FROM documents
    WHERE kind = '{kinds.PARTITION}' AND NOT EXISTS (SELECT 1 FROM partition_values);
"""
"""Triggers copy the values from ``documents``; the last statement fills the table in state files that predate it."""
