"""Read a request's operation, account and region from its headers."""

import re
from collections.abc import Mapping
from typing import Any

from glue_local.core.wsgi import CALLER, XML_SERVICES, Caller

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
_ACCOUNT = re.compile(r"\d{12}")


def caller(authorization: str, default_account: str, default_region: str) -> Caller:
    """Read the credential scope of a SigV4 ``Authorization`` header.

    Signatures are not verified. A twelve-digit access key is the account, as in LocalStack; any other key
    means the default account.
    """
    match = _CREDENTIAL.search(authorization)
    if match is None:
        return Caller(default_account, default_region, "")
    key, region, service = match.groups()
    return Caller(key if _ACCOUNT.fullmatch(key) else default_account, region, service.lower(), key)


def split_target(header: str) -> tuple[str, str]:
    """Split an ``X-Amz-Target`` header into prefix and operation: ``AWSGlue.CreateJob`` → ``("AWSGlue", "CreateJob")``."""
    prefix, _, operation = header.partition(".")
    return prefix, operation


def protocol_of(environ: Mapping[str, Any]) -> str:
    """Return the error format of a request's service: ``json``, ``query`` or ``rest-xml``.

    https://smithy.io/2.0/aws/protocols/
    """
    if environ.get("HTTP_X_AMZ_TARGET"):
        return "json"
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return "query"
    return "rest-xml" if environ[CALLER].signed_service in XML_SERVICES else "json"
