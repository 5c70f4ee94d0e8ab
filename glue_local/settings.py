"""The only reader of the environment: what a server is told, with the defaults of a laptop."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

DEFAULT_PORT = 4566
DEFAULT_ACCOUNT = "000000000000"
DEFAULT_REGION = "us-east-1"
DEFAULT_DATA_DIR = Path(".glue-local")

DEFAULT_IMAGE = "public.ecr.aws/glue/aws-glue-libs:5"

DEFAULT_CHILDREN = ("worker", "delivery")
CHILDREN = (*DEFAULT_CHILDREN, "containers")
"""The processes that a server can start beside itself."""

# In the data directory, while a server runs on it.
PROCESS_FILE = "server.json"
LOCK_FILE = "server.lock"


@dataclass(frozen=True)
class Settings:
    """How one server runs; every field has an environment variable ``GLUE_LOCAL_<FIELD>`` except where noted."""

    port: int = DEFAULT_PORT
    data_dir: Path = DEFAULT_DATA_DIR
    account: str = DEFAULT_ACCOUNT
    region: str = DEFAULT_REGION
    host: str = "127.0.0.1"
    """The address to listen on. The endpoint runs code: anything but loopback is for a network of containers."""
    allowed_hosts: tuple[str, ...] = ()
    """Host names, besides those of loopback, under which requests are answered."""
    allowed_origins: tuple[str, ...] = ()
    """Origins (``http://localhost:3000``) of web pages, besides the endpoint's own, that may call it."""
    heartbeat_timeout: float = 10.0
    """Seconds without a sign of life after which a worker's runs count as lost."""
    children: tuple[str, ...] = DEFAULT_CHILDREN
    """Which processes the server starts itself; a worker may also run elsewhere and call in."""
    upstream: str = ""
    """The URL that answers what is not ours (a LocalStack); empty: moto, in the server's process."""
    token_file: Path | None = None
    """Where the token of the private API is kept for workers that the server did not start; not said: nowhere."""
    child_environment: Mapping[str, str] = field(default_factory=dict)
    """What the worker and delivery are told besides: JAVA_HOME, GLUE_LOCAL_JARS. Not read from one variable."""

    @property
    def endpoint(self) -> str:
        """The URL every AWS client is given."""
        return f"http://localhost:{self.port}"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment names, the defaults elsewhere.

    Raises ValueError naming the variable whose value cannot be used.
    """
    env = os.environ if environment is None else environment
    return Settings(
        port=_number(env, "GLUE_LOCAL_PORT", DEFAULT_PORT),
        data_dir=Path(env.get("GLUE_LOCAL_DATA_DIR", DEFAULT_DATA_DIR)),
        account=_account(env.get("GLUE_LOCAL_ACCOUNT", DEFAULT_ACCOUNT)),
        region=env.get("GLUE_LOCAL_REGION", DEFAULT_REGION),
        host=env.get("GLUE_LOCAL_HOST", "127.0.0.1"),
        allowed_hosts=tuple(filter(None, env.get("GLUE_LOCAL_ALLOWED_HOSTS", "").split(","))),
        allowed_origins=_origins(env, "GLUE_LOCAL_ALLOWED_ORIGINS"),
        heartbeat_timeout=float(_number(env, "GLUE_LOCAL_HEARTBEAT_TIMEOUT", 10)),
        children=_children(env.get("GLUE_LOCAL_CHILDREN", ",".join(DEFAULT_CHILDREN))),
        upstream=_url(env, "GLUE_LOCAL_UPSTREAM"),
        token_file=Path(env["GLUE_LOCAL_TOKEN_FILE"]) if env.get("GLUE_LOCAL_TOKEN_FILE") else None,
    )


@dataclass(frozen=True)
class Machine:
    """What the person's machine is told about in variables that are not ours."""

    java_home: str | None
    cache: Path
    """Where downloads are kept for every glue-local of this person."""


def machine(environment: Mapping[str, str] | None = None) -> Machine:
    """Return what ``JAVA_HOME`` and ``XDG_CACHE_HOME`` say, with their defaults."""
    env = os.environ if environment is None else environment
    caches = Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Machine(java_home=env.get("JAVA_HOME") or None, cache=caches / "glue-local")


@dataclass(frozen=True)
class Stack:
    """What docker-compose.yml is made of and publishes, by the variables that it reads itself."""

    images: tuple[str, ...]
    ports: tuple[int, ...]


def stack(version: str, environment: Mapping[str, str] | None = None) -> Stack:
    """Return the images and ports of the Compose set-up of ``version``; raises ValueError as from_environment does.

    Without ``environment`` it is the process's, and for what that does not name the ``.env`` of this folder, as Compose reads them.
    """
    env = {**_dotenv(Path(".env")), **os.environ} if environment is None else environment
    return Stack(
        images=(
            "localstack/localstack:4.14.0",
            env.get("GLUE_IMAGE") or "public.ecr.aws/glue/aws-glue-libs:5",
            f"glue-local:{env.get('GLUE_LOCAL_VERSION') or version}",
        ),
        ports=(_number(env, "GLUE_LOCAL_PORT", DEFAULT_PORT), _number(env, "GLUE_LOCAL_STATUS_PORT", 4567)),
    )


def _dotenv(file: Path) -> dict[str, str]:
    return {name: value for name, value in dotenv_values(file).items() if value is not None}


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not value.isdigit():
        raise ValueError(f"{name} must be a whole number, not {value!r}")
    return int(value)


def _at_least_one(env: Mapping[str, str], name: str, default: int) -> int:
    value = _number(env, name, default)
    if value < 1:
        raise ValueError(f"{name} must be 1 or more: with none of them every run would wait for ever")
    return value


def _account(value: str) -> str:
    if len(value) != 12 or not value.isdigit():
        raise ValueError(f"GLUE_LOCAL_ACCOUNT must be twelve digits, not {value!r}")
    return value


def _children(value: str) -> tuple[str, ...]:
    """Return the processes of a list such as ``worker,delivery``; ``none`` is the empty list."""
    names = tuple(filter(None, (name.strip() for name in value.split(","))))
    if names == ("none",):
        return ()
    unknown = [name for name in names if name not in CHILDREN]
    if unknown or not names:
        raise ValueError(f"GLUE_LOCAL_CHILDREN must be none, or a list of {', '.join(CHILDREN)}, not {value!r}")
    return names


def _url(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError(f"{name} must be a URL like http://localhost:4566, not {value!r}")
    return value


def _origins(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    origins = tuple(filter(None, (one.strip().rstrip("/").lower() for one in env.get(name, "").split(","))))
    for origin in origins:
        scheme, _, rest = origin.partition("://")
        if scheme not in ("http", "https") or not rest or "/" in rest or "*" in rest:
            raise ValueError(f"{name} must be a list of origins like http://localhost:3000, not {origin!r}")
    return origins


@dataclass(frozen=True)
class ChildSettings:
    """What the server tells the processes that it starts: where AWS is, where its private API is, and its token."""

    aws: str
    endpoint: str
    token: str


def child_settings(environment: Mapping[str, str] | None = None) -> ChildSettings:
    """Return what the server that started this process says; raises KeyError naming what it should have said."""
    env = os.environ if environment is None else environment
    return ChildSettings(env["AWS_ENDPOINT_URL"], env["GLUE_LOCAL_ENDPOINT"], env["GLUE_LOCAL_TOKEN"])


@dataclass(frozen=True)
class ContainerSettings:
    """What the process that keeps workers in containers is told."""

    image: str
    owner: str
    worker: str
    size: int
    environment: Mapping[str, str]
    """What each worker is told."""


# What a worker in a container needs of what the server tells its children, and of what a person may have set.
_FOR_WORKERS = (
    *("GLUE_LOCAL_ENDPOINT", "GLUE_LOCAL_TOKEN", "AWS_ENDPOINT_URL", "GLUE_LOCAL_REGION", "GLUE_LOCAL_AWSGLUE"),
    *("GLUE_LOCAL_DRIVER_MEMORY", "GLUE_LOCAL_DRIVER_OPTIONS", "GLUE_LOCAL_NAMES"),
)


def glue_image(environment: Mapping[str, str] | None = None) -> str:
    """Return the image that runs execute in: ``GLUE_IMAGE``, the official one where it is not set."""
    env = os.environ if environment is None else environment
    return env.get("GLUE_IMAGE") or DEFAULT_IMAGE


def container_settings(environment: Mapping[str, str] | None = None) -> ContainerSettings:
    """Return what the server and the person say; KeyError names what the server should have said."""
    env = os.environ if environment is None else environment
    return ContainerSettings(
        image=glue_image(env),
        owner=env["GLUE_LOCAL_DATA_DIR"],
        worker=env["GLUE_LOCAL_WORKER"],
        size=_at_least_one(env, "GLUE_LOCAL_SLOTS", 2),
        environment={
            **{name: env[name] for name in _FOR_WORKERS if env.get(name)},
            "GLUE_LOCAL_SLOTS": "1",
            "GLUE_LOCAL_WARM_DRIVERS": "1",
        },
    )


def keep_off_proxies() -> None:
    """Make this process and what it starts reach this machine directly: boto3 would ask a network's proxy for localhost."""
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "localhost", "127.0.0.1")))
