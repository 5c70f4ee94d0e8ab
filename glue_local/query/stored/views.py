"""Views in the format of Presto and Trino: a base64 JSON document in a comment in the catalog."""

import json
from base64 import b64decode
from binascii import Error
from typing import Any

from glue_local.query.hive import failures
from glue_local.query.stored import glue_catalog

NO_DATA_CATALOG_VIEWS = "Data Catalog views need Lake Formation, which is not emulated: use CREATE VIEW"

_OPENING, _CLOSING = "/* Presto View: ", " */"


def query(view: glue_catalog.Table) -> str:
    """Return the query that a view was created with."""
    return str(_document(view)["originalSql"])


def columns(view: glue_catalog.Table) -> list[tuple[str, str]]:
    """Return a view's columns with their types in Trino's spelling."""
    return [(str(column["name"]), str(column["type"])) for column in _document(view)["columns"]]


def _document(view: glue_catalog.Table) -> dict[str, Any]:
    text = str(view.get("ViewOriginalText", ""))
    try:
        encoded = text.removeprefix(_OPENING).removesuffix(_CLOSING)
        found: dict[str, Any] = json.loads(b64decode(encoded, validate=True))
    except (Error, ValueError):
        name = f"{view['DatabaseName']}.{view['Name']}"
        raise failures.semantic(f"View {name} is not an Athena view: its text is not a Presto view") from None
    return found
