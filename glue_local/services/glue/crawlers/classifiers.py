"""Classifiers: how crawlers recognise files, before the built-in classifiers do.

https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html
"""

from typing import Any

import regex

from glue_local.core.faults import Exists, Invalid
from glue_local.crawler_runs.grok import parse_grok
from glue_local.crawler_runs.json_path import parse_json_path
from glue_local.services.context import Context
from glue_local.services.glue.crawlers.lookup import find_classifier
from glue_local.services.paging import page
from glue_local.store import Document, kinds

KINDS = ("GrokClassifier", "XMLClassifier", "JsonClassifier", "CsvClassifier")
_PAGE = 100
_DATATYPES = (
    "BINARY",
    "BOOLEAN",
    "DATE",
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "INT",
    "LONG",
    "SHORT",
    "STRING",
    "TIMESTAMP",
)


def create_classifier(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateClassifier: store a classifier of one kind. Errors: AlreadyExistsException, InvalidInputException."""
    (kind, given), now = _given(request), ctx.now
    _check(kind, given)
    times = {"CreationTime": now, "LastUpdated": now, "Version": 1}
    with ctx.documents.transaction():
        if not ctx.documents.insert(kinds.CLASSIFIER, given["Name"], doc={kind: {**given, **times}}):
            raise Exists(f"Classifier with name {given['Name']} already exists")
    return {}


def update_classifier(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """UpdateClassifier: change the given members and keep the others; the next crawl uses it.

    Errors: EntityNotFoundException, InvalidInputException.
    """
    kind, given = _given(request)
    with ctx.documents.transaction():
        [(have, before)] = find_classifier(ctx, given["Name"]).items()
        if have != kind:
            raise Invalid(f"Classifier {given['Name']} is a {have}: it cannot become a {kind}.")
        _check(kind, {**before, **given})
        after = {**before, **given, "LastUpdated": ctx.now, "Version": before["Version"] + 1}
        ctx.documents.write(kinds.CLASSIFIER, given["Name"], doc={kind: after})
    return {}


def delete_classifier(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteClassifier: delete it; crawlers that name it fail from then on. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        find_classifier(ctx, request["Name"])
        ctx.documents.remove(kinds.CLASSIFIER, request["Name"])
    return {}


def get_classifier(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetClassifier: return {Classifier}. Errors: EntityNotFoundException."""
    return {"Classifier": find_classifier(ctx, request["Name"])}


def get_classifiers(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetClassifiers: return a page of {Classifiers, NextToken}, by name."""
    names = [name for (name,) in ctx.documents.keys(kinds.CLASSIFIER)]
    found, token = page(names, request, _PAGE, listing=("GetClassifiers",), key=str)
    return {"Classifiers": ctx.documents.read_all(kinds.CLASSIFIER, [(name,) for name in found]), "NextToken": token}


def _given(request: dict[str, Any]) -> tuple[str, Document]:
    given = [kind for kind in KINDS if request.get(kind)]
    if len(given) != 1:
        raise Invalid(f"Exactly one of {', '.join(KINDS)} must be specified.")
    return given[0], dict(request[given[0]])


def _check(kind: str, classifier: Document) -> None:
    if kind == "CsvClassifier":
        _check_csv(classifier)
    elif kind == "JsonClassifier":
        parse_json_path(classifier["JsonPath"])
    elif kind == "XMLClassifier":
        tag = classifier.get("RowTag", "")
        if not tag or any(character in tag for character in "<>/\"' \t"):
            raise Invalid(f"RowTag must be the name of an XML element without angle brackets, not {tag!r}.")
    else:
        grok = parse_grok(classifier["GrokPattern"], classifier.get("CustomPatterns", ""))
        try:
            regex.compile(grok.regex)
        except (regex.error, RecursionError) as error:
            raise Invalid(f"The grok pattern is not valid: {error}") from None


def _check_csv(classifier: Document) -> None:
    if classifier.get("QuoteSymbol", '"') == classifier.get("Delimiter"):
        raise Invalid("QuoteSymbol must be different from Delimiter.")
    header = [name.strip().lower() for name in classifier.get("Header", [])]
    if len(set(header)) != len(header):
        raise Invalid("Header must not repeat a column name.")
    for each in classifier.get("CustomDatatypes", []):
        if each.upper() not in _DATATYPES:
            raise Invalid(f"CustomDatatypes has the unknown type {each}: use {', '.join(_DATATYPES)}.")
