"""Patches of moto's S3: requests that AWS refuses, and documents without content, which AWS accepts."""

import json
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from xml.parsers.expat import ExpatError

from glue_local.backend.moto_patches.patch import Patch, attribute

_MODELS, _RESPONSES = "moto.s3.models:S3Backend", "moto.s3.responses:S3Response"
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_Grant.html: id="…", uri="…" or emailAddress="…", by commas
_GRANTEE = re.compile(r'[A-Za-z]+=("[^"]+"|[^"]+)')
_RANGE = re.compile(r"[^=]*=[^=]*")


def _error(name: str) -> Any:
    return attribute(f"moto.s3.exceptions:{name}")


def _reader(xmltodict: Any) -> Any:
    """Return a reader that refuses text that is not XML, and reads an empty element as one without members."""

    def parse(text: Any, *rest: Any, **more: Any) -> Any:
        try:
            document = xmltodict.parse(text, *rest, **more)
        except (ExpatError, ValueError):
            raise _error("MalformedXML")() from None
        return {name: {} if value is None else value for name, value in document.items()}

    return SimpleNamespace(parse=parse)


def _policy_checked(put_bucket_policy: Callable[..., None]) -> Callable[..., None]:
    def put(self: Any, bucket_name: str, policy: bytes | str) -> None:
        if problem := next(_problems(policy), None):
            raise _error("S3ClientError")("MalformedPolicy", problem)
        put_bucket_policy(self, bucket_name, policy)

    return put


def _problems(policy: bytes | str) -> Iterator[str]:
    """Yield what makes a bucket policy invalid. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html"""
    try:
        document = json.loads(policy)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        yield "Policies must be valid JSON and the first byte must be '{'"
        return
    given = document.get("Statement")
    statements: list[Any] = given if isinstance(given, list) else [given]
    if not statements or not all(isinstance(statement, dict) for statement in statements):
        yield (
            "Missing required field Statement" if given is None else "Could not parse the policy: Statement is invalid"
        )
        return
    for statement in statements:
        if statement.get("Effect") not in ("Allow", "Deny"):
            yield "Missing required field Effect" if "Effect" not in statement else "Invalid effect"
        if not {"Principal", "NotPrincipal"} & statement.keys():
            yield "Missing required field Principal"
        for field in ("Action", "Resource"):
            texts = statement.get(field, statement.get(f"Not{field}"))
            if not texts:
                yield f"Missing required field {field}"
            elif not all(isinstance(text, str) for text in (texts if isinstance(texts, list) else [texts])):
                yield f"Policy has invalid {field.lower()}"


def _are_grantees(text: str) -> bool:
    return all(_GRANTEE.fullmatch(each.strip()) for each in text.split(","))


def _grants_checked(acl_from_headers: Callable[..., Any]) -> Callable[..., Any]:
    def acl(self: Any, headers: Any) -> Any:
        for name, value in headers.items():
            if name.lower().startswith("x-amz-grant-") and not _are_grantees(value):
                raise _error("InvalidArgumentError")("Argument format not recognized", name.lower(), value)
        return acl_from_headers(self, headers)

    return acl


def _range_checked(handle_range_header: Callable[..., Any]) -> Callable[..., Any]:
    """Ignore a range without a unit, as AWS does."""

    def handle(self: Any, request: Any, headers: Any, content: Any) -> Any:
        if not _RANGE.fullmatch(request.headers.get("range")):
            return 200, headers, content
        return handle_range_header(self, request, headers, content)

    return handle


def _read(interpret: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a document that moto cannot interpret."""

    def interpreted(self: Any, *arguments: Any) -> Any:
        try:
            return interpret(self, *arguments)
        except (AssertionError, AttributeError, KeyError, TypeError):
            raise _error("MalformedXML")() from None

    return interpreted


def _tags_or_none(tagging_from_xml: Callable[..., Any]) -> Callable[..., Any]:
    """Read an empty set of tags, which removes an object's tags."""
    tags_in = _read(tagging_from_xml)

    def tags(self: Any) -> Any:
        tagging = attribute("moto.s3.responses:xmltodict").parse(self.body).get("Tagging")
        is_empty = isinstance(tagging, dict) and "TagSet" in tagging and not tagging["TagSet"]
        return {} if is_empty else tags_in(self)

    return tags


def _form_checked(bucket_response_post: Callable[..., Any]) -> Callable[..., Any]:
    def post(self: Any, request: Any, bucket_name: str) -> Any:
        if "key" not in self.querystring and "delete" not in request.args:
            if request.form or not request.args:
                raise _error("InvalidArgumentError")(
                    "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the"
                    " fields.",
                    "key",
                    "",
                )
            raise NotImplementedError(f"POST ?{next(iter(request.args))} of a bucket")
        if "?" in bucket_name:
            raise _error("MissingBucket")(bucket_name)
        return bucket_response_post(self, request, bucket_name)

    return post


def _subresources(method: str, *known: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a wrapper that refuses the subresources of an object that moto does not know."""

    def wrapper(respond: Callable[..., Any]) -> Callable[..., Any]:
        def checked(self: Any, *arguments: Any, **more: Any) -> Any:
            query = next(each for each in (*arguments, *more.values()) if isinstance(each, dict))
            for name, values in query.items():
                # Subresources have no value; versionId and the parameters of a signature have one.
                if name not in known and not any(values):
                    raise NotImplementedError(f"{method} ?{name} of an object")
            return respond(self, *arguments, **more)

        return checked

    return wrapper


def _token_checked(list_objects_v2: Callable[..., Any]) -> Callable[..., Any]:
    def listed(self: Any, *arguments: Any, continuation_token: str | None = None, **more: Any) -> Any:
        if continuation_token and continuation_token not in self._pagination_tokens:
            raise _error("InvalidContinuationToken")()
        return list_objects_v2(self, *arguments, continuation_token=continuation_token, **more)

    return listed


def _of_a_key(delete_object_tagging: Callable[..., None]) -> Callable[..., None]:
    def delete(self: Any, bucket_name: str, key_name: str, version_id: str | None = None) -> None:
        if self.get_object(bucket_name, key_name, version_id=version_id) is None:
            raise _error("MissingKey")(key=key_name)
        delete_object_tagging(self, bucket_name, key_name, version_id)

    return delete


def _of_a_version(put: Callable[..., None]) -> Callable[..., None]:
    def put_checked(
        self: Any, bucket_name: str, key_name: str, version_id: str | None, *rest: Any, **more: Any
    ) -> None:
        if self.get_object(bucket_name, key_name, version_id=version_id) is None:
            raise _error("MissingVersion")(key_name, version_id) if version_id else _error("MissingKey")(key=key_name)
        put(self, bucket_name, key_name, version_id, *rest, **more)

    return put_checked


PATCHES = (
    Patch(
        "moto.s3.responses:xmltodict",
        "a body that is not XML fails the request, and so does an empty element, which removes a bucket's logging",
        _reader,
    ),
    Patch(
        f"{_MODELS}.put_bucket_policy",
        "a policy that is not JSON or lacks a field is stored, and later requests to the bucket fail",
        _policy_checked,
    ),
    *(
        Patch(f"{_RESPONSES}.{name}_from_body", "a document without AWS's structure fails the request", _read)
        for name in (
            "_bucket_tagging",
            "_cors",
            "_encryption_config",
            "_logging",
            "_notification_config",
            "_ownership_rule",
        )
    ),
    Patch(f"{_RESPONSES}._tagging_from_xml", "an empty set of tags of an object fails the request", _tags_or_none),
    Patch(
        "moto.s3.models:FakeDeleteMarker.dispose",
        "deleting a deleted object after versioning was suspended fails the request",
        lambda original: lambda self: None,
        adds=True,
    ),
    Patch("moto.s3.models:FakeBucket.set_lifecycle", "an empty element in a lifecycle rule fails the request", _read),
    Patch(f"{_RESPONSES}._acl_from_headers", "a grantee without a type fails the request", _grants_checked),
    Patch(f"{_RESPONSES}._handle_range_header", "a range without a unit fails the request", _range_checked),
    Patch(f"{_RESPONSES}._bucket_response_post", "a POST of an unknown subresource fails", _form_checked),
    Patch(
        f"{_RESPONSES}._key_response_put",
        "a PUT of an unknown subresource replaces the object's content",
        _subresources("PUT", "acl", "legal-hold", "retention", "tagging"),
    ),
    Patch(
        f"{_RESPONSES}._key_response_delete",
        "a DELETE of an unknown subresource deletes the object",
        _subresources("DELETE", "tagging"),
    ),
    Patch(f"{_MODELS}.list_objects_v2", "a continuation token that S3 did not return fails", _token_checked),
    Patch(f"{_MODELS}.delete_object_tagging", "deleting the tags of a missing object fails", _of_a_key),
    *(
        Patch(f"{_MODELS}.{name}", "the lock of a missing object fails", _of_a_version)
        for name in ("put_object_legal_hold", "put_object_retention")
    ),
)
