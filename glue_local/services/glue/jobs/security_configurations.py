"""Security configurations: stored and named by jobs, runs and crawlers. Local data is not encrypted."""

from typing import Any

from glue_local.core.faults import Exists, Invalid, Missing
from glue_local.services.context import Context
from glue_local.services.paging import page
from glue_local.store import Document, kinds

_PAGE = 100
# Of each part of EncryptionConfiguration, its mode and the mode that needs a key.
_MODES = {
    "S3Encryption": ("S3EncryptionMode", "SSE-KMS"),
    "CloudWatchEncryption": ("CloudWatchEncryptionMode", "SSE-KMS"),
    "JobBookmarksEncryption": ("JobBookmarksEncryptionMode", "CSE-KMS"),
    "DataQualityEncryption": ("DataQualityEncryptionMode", "SSE-KMS"),
}


def create_security_configuration(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """CreateSecurityConfiguration: return {Name, CreatedTimestamp}; the keys need not exist.

    Errors: AlreadyExistsException, InvalidInputException.
    """
    name, encryption, now = request["Name"], request["EncryptionConfiguration"], ctx.now
    for part, given in encryption.items():
        mode, with_key = _MODES[part]
        for each in given if isinstance(given, list) else [given]:
            if each.get(mode) == with_key and not each.get("KmsKeyArn"):
                raise Invalid(f"KmsKeyArn of {part} must be set for the mode {with_key}.")
    document = {"Name": name, "CreatedTimeStamp": now, "EncryptionConfiguration": encryption}
    if not ctx.documents.insert(kinds.SECURITY_CONFIGURATION, name, doc=document):
        raise Exists(f"Security configuration already exists: {name}")
    return {"Name": name, "CreatedTimestamp": now}


def get_security_configuration(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetSecurityConfiguration: return {SecurityConfiguration}. Errors: EntityNotFoundException."""
    return {"SecurityConfiguration": _find(ctx, request["Name"])}


def get_security_configurations(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """GetSecurityConfigurations: return a page of {SecurityConfigurations, NextToken}, by name."""
    all_of_them = [each for _, each in ctx.documents.scan(kinds.SECURITY_CONFIGURATION)]
    listing = ("GetSecurityConfigurations",)
    found, token = page(all_of_them, request, _PAGE, listing=listing, key=lambda each: each["Name"])
    return {"SecurityConfigurations": found, "NextToken": token}


def delete_security_configuration(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """DeleteSecurityConfiguration; jobs may still name it. Errors: EntityNotFoundException."""
    with ctx.documents.transaction():
        _find(ctx, request["Name"])
        ctx.documents.remove(kinds.SECURITY_CONFIGURATION, request["Name"])
    return {}


def _find(ctx: Context, name: str) -> Document:
    document = ctx.documents.read(kinds.SECURITY_CONFIGURATION, name)
    if document is None:
        raise Missing(f"Security configuration {name} not found.")
    return document
