"""Which operation a request asks for, and for which account and region."""

import re
from collections.abc import Mapping
from typing import Any

from glue_local.core.wsgi import CALLER, Caller

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
_ACCOUNT = re.compile(r"\d{12}")


def caller(authorization: str, default_account: str, default_region: str) -> Caller:
    """Read the credential scope of a SigV4 ``Authorization`` header.

    Signatures are not verified. An access key of twelve digits is the account, as in LocalStack; any other key
    means the default account.
    """
    match = _CREDENTIAL.search(authorization)
    if match is None:
        return Caller(default_account, default_region, "")
    key, region, service = match.groups()
    return Caller(key if _ACCOUNT.fullmatch(key) else default_account, region, service.lower())


def split_target(header: str) -> tuple[str, str]:
    """Split an ``X-Amz-Target`` header into prefix and operation: ``AWSGlue.CreateJob`` → ``("AWSGlue", "CreateJob")``."""
    prefix, _, operation = header.partition(".")
    return prefix, operation


def protocol_of(environ: Mapping[str, Any]) -> str:
    """Tell how errors of the service a request is for are written: ``json``, ``query`` or ``rest-xml``.

    https://smithy.io/2.0/aws/protocols/
    """
    if environ.get("HTTP_X_AMZ_TARGET"):
        return "json"
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return "query"
    # Unsigned, and neither of the above: somebody reads an object.
    return "rest-xml" if environ[CALLER].signed_service in ("s3", "") else "json"
