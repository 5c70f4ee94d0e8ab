"""Custom classifiers as functions that recognise files.

https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from glue_local.crawl.formats import csv, json, xml
from glue_local.crawl.formats.found import Found
from glue_local.crawl.formats.grok import Lines
from glue_local.crawl.sample import Sample

Recognise = Callable[[Sample], Found | None]

_TYPES = {
    "BINARY": "binary",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DECIMAL": "decimal(10,0)",  # Hive's default
    "DOUBLE": "double",
    "FLOAT": "float",
    "INT": "int",
    "LONG": "bigint",
    "SHORT": "smallint",
    "STRING": "string",
    "TIMESTAMP": "timestamp",
}


def custom(classifier: dict[str, Any]) -> Recognise:
    """Return the function of a Classifier as GetClassifier returns it."""
    [(kind, given)] = classifier.items()
    if kind == "GrokClassifier":
        return Lines(given["Classification"], given["GrokPattern"], given.get("CustomPatterns", "")).recognise
    if kind == "JsonClassifier":
        return partial(json.recognise_at, path=given["JsonPath"])
    if kind == "XMLClassifier":
        return partial(xml.recognise_rows, classification=given["Classification"], tag=given["RowTag"])
    return partial(csv.recognise, dialect=_dialect(given))


def _dialect(given: dict[str, Any]) -> csv.Dialect:
    serde = given.get("Serde", "None")
    typed = given.get("CustomDatatypes", []) if given.get("CustomDatatypeConfigured", False) else []
    quote = given.get("QuoteSymbol") or '"'
    delimiters = (given["Delimiter"],) if given.get("Delimiter") else csv.DELIMITERS
    return csv.Dialect(
        # Python's csv refuses a delimiter that is also the quote.
        delimiters=tuple(each for each in delimiters if each != quote),
        quote=quote,
        header=given.get("ContainsHeader", "UNKNOWN"),
        names=tuple(name.strip().lower() for name in given.get("Header", [])),
        types=tuple(_TYPES[each.upper()] for each in typed),
        trim=given.get("DisableValueTrimming", True) is False,
        fewest_columns=1 if given.get("AllowSingleColumn") else 2,
        # LazySimpleSerDe knows no quotes.
        open_csv=serde == "OpenCSVSerDe" or (serde == "None" and bool(given.get("QuoteSymbol"))),
    )
