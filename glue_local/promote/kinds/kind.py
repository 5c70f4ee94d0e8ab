"""The interface of a kind of resource: how to read, create, update, tag and delete it in an account."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote.aws_partitions import partition_of
from glue_local.promote.definition import shapes

Client = Any
Request = dict[str, Any]

_PAUSE = 2.0  # seconds; AWS allows about five DescribeDeliveryStream per second and account


@dataclass(frozen=True)
class Account:
    """An account in a region; ``clients(service)`` returns a client."""

    clients: Callable[[str], Client]
    region: str
    id: str
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in this account and region."""
        return f"arn:{partition_of(self.region)}:{service}:{self.region}:{self.id}:{resource}"


@dataclass(frozen=True)
class Found:
    """The state of a resource: its attributes, named as in the create request, and its tags if they were read."""

    attributes: Request
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tagging:
    """How to add tags to the create request, and how to read and put the tags of an existing resource."""

    write: Callable[[Request, Mapping[str, str]], Request]
    read: Callable[[Account, Request], dict[str, str]]
    put: Callable[[Account, Request, dict[str, str]], None]
    member: str | None = "Tags"
    """The request's member for tags, or None if it has none."""


@dataclass(frozen=True)
class Kind:
    """A list in ``glue-local.yaml``. ``operation`` creates a resource; ``name`` has the paths of its name's parts."""

    service: str
    operation: str
    name: tuple[str, ...]
    read: Callable[[Account, Request], Found | None]
    create: Callable[[Account, Request], None]
    update: Callable[[Account, Request, Found], None]
    delete: Callable[[Account, Request], None] | None = None
    """None if deleting could lose data, so that only the user may do it."""
    contents: Callable[[Account, Request], list[str]] | None = None
    """Returns the keys of what would be deleted too; a resource with contents is kept."""
    tagging: Tagging | None = None
    owner: tuple[str, str] | None = None
    """For kinds without tags: the kind whose tags count instead, and the member that refers to it."""
    promoted: tuple[str, ...] = ()
    """The members that promotions plan, apply, read back and compare; others are refused."""
    identity: tuple[str, ...] = ()
    """The members that identify a resource; they are not compared."""
    immutable: tuple[str, ...] = ()
    """Members that AWS cannot update."""
    texts: tuple[str, ...] = ()
    """Members that contain JSON as text."""
    shared: tuple[str, ...] = ()
    """Maps to which others, including AWS, add entries."""
    computed: tuple[str, ...] = ()
    """Members that AWS writes; they count only if a definition sets them."""
    kept: tuple[str, ...] = ()
    """Members whose parts AWS keeps when an update omits them."""
    canonical: Callable[[Request], Request] = dict
    """Normalises a request, so that equivalent requests and responses compare equal."""

    def comparable(self, request: Request) -> Request:
        """Return the part of a request that is compared with the actual state."""
        apart = {*self.identity, *([self.tagging.member] if self.tagging and self.tagging.member else [])}
        return self.canonical(
            {key: _parsed(value) if key in self.texts else value for key, value in request.items() if key not in apart}
        )

    def name_of(self, request: Request) -> str:
        """Return the resource's name in a request."""
        return ".".join(str(reduce(lambda value, key: value[key], path.split("."), request)) for path in self.name)

    @property
    def shape(self) -> Any:
        """The shape of the create request."""
        return shapes.request_shape(self.service, self.operation)


def _parsed(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def found(read: Callable[[], Any], *absent: str) -> Any:
    """Call ``read`` and return its result, or None if it fails with one of the ``absent`` error codes."""
    try:
        return read()
    except ClientError as error:
        if error.response["Error"]["Code"] in absent:
            return None
        raise


class Failed(Exception):
    """AWS failed to create or change a resource; the message names it and the reason."""


def wait_for(account: Account, condition: Callable[[], bool], what: str, seconds: float = 300.0) -> None:
    """Wait until ``condition`` is true; raises TimeoutError with the message ``what`` after ``seconds``."""
    end = account.clock() + seconds
    while not condition():
        if account.clock() > end:
            raise TimeoutError(f"{what} within {seconds:.0f} s")
        account.sleep(_PAUSE)


def members(document: Mapping[str, Any], shape: Any, *without: str) -> Request:
    """Reduce a response to the members of the request's ``shape``."""
    return {key: value for key, value in shapes.project(document, shape).items() if key not in without}
