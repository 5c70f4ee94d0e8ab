"""Which AWS calls runs of jobs make: read off requests as IAM names them, for the policy that a role needs."""

import html
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from glue_local.core.wsgi import CALLER, Caller, WsgiApplication
from glue_local.wire.target import split_target

# A run names itself as the application in its User-Agent; 50 characters is the most that SDKs take.
SENDER = re.compile(r"\bjr_[0-9a-f]{43}")

_PREFIXES = {"monitoring": "cloudwatch"}
_S3_OF_OBJECT = {"GET": "s3:GetObject", "HEAD": "s3:GetObject", "PUT": "s3:PutObject", "POST": "s3:PutObject"}
_UNLISTED = "*"
_DELETED = re.compile(r"<Key>(.*?)</Key>", re.DOTALL)  # of DeleteObjects


class Call(NamedTuple):
    """An action and the resource it was made on, as an IAM policy says them."""

    action: str
    resource: str


Note = Callable[[Caller, str, Call], None]


def record_calls(application: WsgiApplication, note: Note) -> WsgiApplication:
    """Tell ``note`` of every call that a run of a job makes: caller, the run's id as it is sent, the call."""

    def recording(environ: dict[str, Any], start_response: Any) -> Any:
        sender = SENDER.search(environ.get("HTTP_USER_AGENT", ""))
        if sender and CALLER in environ:
            for call in calls_of(environ):
                note(environ[CALLER], sender[0], call)
        return application(environ, start_response)

    return recording


def calls_of(environ: dict[str, Any]) -> Iterator[Call]:
    """Yield what a request needs to be allowed; its body is put back for whoever answers it."""
    caller: Caller = environ[CALLER]
    service = _PREFIXES.get(caller.signed_service, caller.signed_service)
    _, operation = split_target(environ.get("HTTP_X_AMZ_TARGET", ""))
    if operation:
        yield from _target(service, operation, _body(environ), caller)
    elif service == "s3":
        yield from _s3(environ)
    elif environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        for action in parse_qs(_body(environ).decode(errors="replace")).get("Action", []):
            yield Call(f"{service}:{action}", _UNLISTED)


def _body(environ: dict[str, Any]) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _target(service: str, operation: str, body: bytes, caller: Caller) -> Iterator[Call]:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        request = {}
    request = request if isinstance(request, dict) else {}
    for resource in _resources(service, operation, request):
        arn = resource if resource == _UNLISTED else f"arn:aws:{service}:{caller.region}:{caller.account}:{resource}"
        yield Call(f"{service}:{operation}", arn)


def _resources(service: str, operation: str, request: dict[str, Any]) -> list[str]:
    if service == "glue":
        return _glue(operation, request)
    if service == "kinesis" and (stream := request.get("StreamName") or _stream_of(request.get("StreamARN"))):
        return [f"stream/{stream}"]
    if service == "firehose" and request.get("DeliveryStreamName"):
        return [f"deliverystream/{request['DeliveryStreamName']}"]
    if service == "logs" and request.get("logGroupName"):
        return [f"log-group:{request['logGroupName']}:*"]
    if service == "dynamodb" and request.get("TableName"):
        return [f"table/{request['TableName']}"]
    if service == "ssm" and request.get("Name"):
        return [f"parameter/{request['Name'].lstrip('/')}"]
    return [_UNLISTED]


def _stream_of(arn: Any) -> str:
    return str(arn or "").partition(":stream/")[2]


def _glue(operation: str, request: dict[str, Any]) -> list[str]:
    """Return the catalog's resources: an action on a table needs leave of its database and of the catalog as well."""
    if "JobName" in request:
        return [f"job/{request['JobName']}"]
    database = request.get("DatabaseName") or request.get("DatabaseInput", {}).get("Name")
    if "Database" in operation:
        database = database or request.get("Name")
        return ["catalog", f"database/{database}"] if database else ["catalog"]
    table = request.get("TableName") or request.get("TableInput", {}).get("Name") or request.get("Name")
    if database:
        return ["catalog", f"database/{database}", f"table/{database}/{table or '*'}"]
    return [_UNLISTED]


def _s3(environ: dict[str, Any]) -> Iterator[Call]:
    bucket, _, key = unquote(environ.get("PATH_INFO", "")).lstrip("/").partition("/")
    query = {name.partition("=")[0] for name in environ.get("QUERY_STRING", "").split("&")}
    method = environ["REQUEST_METHOD"]
    if not bucket:
        yield Call("s3:ListAllMyBuckets", _UNLISTED)
        return
    if not key:
        if method == "POST" and "delete" in query:
            keys = _DELETED.findall(_body(environ).decode(errors="replace"))
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
    """Return an object's first folder: partitions below it come and go."""
    folder, slash, _ = key.partition("/")
    return f"arn:aws:s3:::{bucket}/{folder}/*" if slash else f"arn:aws:s3:::{bucket}/{folder}"
