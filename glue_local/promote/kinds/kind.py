"""What a kind of resource is: how it is written, read in an account, made, changed, tagged and deleted."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from botocore.exceptions import ClientError

from glue_local.promote import shapes
from glue_local.promote.partitions import partition_of

Client = Any
Request = dict[str, Any]

_PAUSE = 2.0  # seconds; AWS answers about five DescribeDeliveryStream a second, to all callers of an account together


@dataclass(frozen=True)
class Account:
    """An account in a region: a client of each service, as ``clients(service)`` makes it."""

    clients: Callable[[str], Client]
    region: str
    id: str
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource here."""
        return f"arn:{partition_of(self.region)}:{service}:{self.region}:{self.id}:{resource}"


@dataclass(frozen=True)
class Found:
    """A resource as it is: its attributes in the words of the request that makes it, and its tags if they were read."""

    attributes: Request
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tagging:
    """How the request that makes a resource carries tags, and how they are read from and put on one that is there."""

    write: Callable[[Request, Mapping[str, str]], Request]
    read: Callable[[Account, Request], dict[str, str]]
    put: Callable[[Account, Request, dict[str, str]], None]
    member: str | None = "Tags"
    """The request's member that the definition may say them in, None where it has none."""


@dataclass(frozen=True)
class Kind:
    """A list of ``glue-local.yaml``. ``service`` and ``operation`` make its resources, ``name`` is where their name's parts are."""

    service: str
    operation: str
    name: tuple[str, ...]
    read: Callable[[Account, Request], Found | None]
    create: Callable[[Account, Request], None]
    update: Callable[[Account, Request, Found], None]
    delete: Callable[[Account, Request], None] | None = None
    """None where deleting could lose data: then a person does it."""
    contents: Callable[[Account, Request], list[str]] | None = None
    """The keys of what deleting one would take along, whosever it is; then it is left."""
    tagging: Tagging | None = None
    owner: tuple[str, str] | None = None
    """For what cannot be tagged: the kind whose tags count, and the request's member that names it."""
    promoted: tuple[str, ...] = ()
    """The members that are planned, applied, read back and compared; of the others AWS takes, a promotion takes none."""
    identity: tuple[str, ...] = ()
    """The members that tell which resource it is; they cannot differ."""
    immutable: tuple[str, ...] = ()
    """Members that AWS does not change in place."""
    texts: tuple[str, ...] = ()
    """Members that are JSON as text."""
    shared: tuple[str, ...] = ()
    """Maps that others, AWS among them, add to."""
    computed: tuple[str, ...] = ()
    """Members that AWS writes in the course of things; they count only where a definition names them."""
    kept: tuple[str, ...] = ()
    """Members of which AWS keeps what an update leaves out."""
    canonical: Callable[[Request], Request] = dict
    """Makes one of the several ways in which a request and AWS may say the same."""

    def comparable(self, request: Request) -> Request:
        """Return what of a request is compared with what is found."""
        apart = {*self.identity, *([self.tagging.member] if self.tagging and self.tagging.member else [])}
        return self.canonical(
            {key: _parsed(value) if key in self.texts else value for key, value in request.items() if key not in apart}
        )

    def name_of(self, request: Request) -> str:
        """Return the name that a request gives its resource."""
        return ".".join(str(reduce(lambda value, key: value[key], path.split("."), request)) for path in self.name)

    @property
    def shape(self) -> Any:
        """The shape of the request that makes one."""
        return shapes.request_shape(self.service, self.operation)


def _parsed(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def found(read: Callable[[], Any], *absent: str) -> Any:
    """Return what ``read`` returns, None when AWS answers with one of the codes that say it does not exist."""
    try:
        return read()
    except ClientError as error:
        if error.response["Error"]["Code"] in absent:
            return None
        raise


class Failed(Exception):
    """A resource that AWS gave up on; says which, and why."""


def wait_for(account: Account, condition: Callable[[], bool], what: str, seconds: float = 300.0) -> None:
    """Return when ``condition`` is true; raises TimeoutError saying ``what`` did not come to pass in ``seconds``."""
    end = account.clock() + seconds
    while not condition():
        if account.clock() > end:
            raise TimeoutError(f"{what} within {seconds:.0f} s")
        account.sleep(_PAUSE)


def members(document: Mapping[str, Any], shape: Any, *without: str) -> Request:
    """Return what of an answer the request's ``shape`` has too."""
    return {key: value for key, value in shapes.project(document, shape).items() if key not in without}
