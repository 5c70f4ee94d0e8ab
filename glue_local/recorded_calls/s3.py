"""The resources of S3 calls."""

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from glue_local.recorded_calls.call import UNLISTED, Call, body_of

_S3_OF_OBJECT = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "POST": "s3:PutObject"}
_DELETED = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)  # of DeleteObjects


def calls(environ: dict[str, Any]) -> Iterator[Call]:
    """Yield the calls of a request to S3, with objects by their first folder."""
    bucket, _, key = unquote(environ.get("PATH_INFO", "")).lstrip("/").partition("/")
    query = {name.partition("=")[0] for name in environ.get("QUERY_STRING", "").split("&")}
    method = environ["REQUEST_METHOD"]
    if not bucket:
        yield Call("s3:ListAllMyBuckets", UNLISTED)
        return
    if not key:
        if method == "POST" and "delete" in query:
            keys = _DELETED.findall(body_of(environ).decode(errors="replace"))
            yield from dict.fromkeys(Call("s3:DeleteObject", _folder(bucket, html.unescape(key))) for key in keys)
            return
        yield from _s3_bucket(method, query, f"arn:aws:s3:::{bucket}")
        return
    if method == "DELETE":
        yield Call("s3:AbortMultipartUpload" if "uploadId" in query else "s3:DeleteObject", _folder(bucket, key))
    else:
        yield Call(_S3_OF_OBJECT[method], _folder(bucket, key))
    if source := unquote(environ.get("HTTP_X_AMZ_COPY_SOURCE", "")).lstrip("/"):
        yield Call("s3:GetObject", _folder(*source.partition("/")[::2]))


def _s3_bucket(method: str, query: set[str], arn: str) -> Iterator[Call]:
    if method in ("GET", "HEAD"):
        special = {"location": "s3:GetBucketLocation", "uploads": "s3:ListBucketMultipartUploads"}
        yield Call(next((special[name] for name in special if name in query), "s3:ListBucket"), arn)
    elif method == "PUT" and not query - {""}:
        yield Call("s3:CreateBucket", arn)


def _folder(bucket: str, key: str) -> str:
    """Return an object's first folder: partitions below it change."""
    folder, slash, _ = key.partition("/")
    return f"arn:aws:s3:::{bucket}/{folder}/*" if slash else f"arn:aws:s3:::{bucket}/{folder}"
