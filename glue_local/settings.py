"""The only reader of the environment: settings of the server and its child processes, with defaults for a laptop."""

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

DEFAULT_CHILDREN = ("worker", "delivery", "query")
CHILDREN = (*DEFAULT_CHILDREN, "containers")
"""The child processes that a server can start."""

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
    """Host names under which requests are accepted, in addition to loopback."""
    allowed_origins: tuple[str, ...] = ()
    """Origins (``http://localhost:3000``) of web pages that may call the endpoint, in addition to its own."""
    heartbeat_timeout: float = 10.0
    """Seconds without a heartbeat after which a worker's runs count as lost."""
    children: tuple[str, ...] = DEFAULT_CHILDREN
    """The child processes that the server starts. A worker may also run elsewhere and connect."""
    upstream: str = ""
    """The URL that answers requests for other services (a LocalStack). Empty: moto, in the server's process."""
    token_file: Path | None = None
    """The file that holds the private API's token, for workers that the server did not start. None: no file."""
    trino: str = ""
    """The URL of an external Trino for Athena's queries; empty: a child process, started on demand."""
    trino_memory: int = 1024
    """The heap size of the Trino child process in megabytes."""
    queries: int = 20
    """The maximum number of concurrent Athena queries."""
    child_environment: Mapping[str, str] = field(default_factory=dict)
    """More variables for the child processes, such as JAVA_HOME and GLUE_LOCAL_JARS. Not read from the environment."""

    @property
    def endpoint(self) -> str:
        """The URL for AWS clients."""
        return f"http://localhost:{self.port}"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from the environment, with defaults for unset variables.

    Raises ValueError, which names the variable, for an invalid value.
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
        trino=_url(env, "GLUE_LOCAL_TRINO"),
        trino_memory=_at_least(env, "GLUE_LOCAL_TRINO_MEMORY", 1024, 512),
        queries=_at_least(env, "GLUE_LOCAL_QUERIES", 20, 1),
    )


def names_an_endpoint(environment: Mapping[str, str] | None = None) -> bool:
    """Return whether a variable names the endpoint that AWS clients use: AWS_ENDPOINT_URL, or localstack-client's."""
    env = os.environ if environment is None else environment
    return bool(env.get("AWS_ENDPOINT_URL") or env.get("LOCALSTACK_HOST"))


@dataclass(frozen=True)
class Machine:
    """Settings of this machine, from variables that other programs read as well."""

    java_home: str | None
    cache: Path
    """Where downloads are kept, for all projects of this user."""


def inherited(settings: Settings) -> dict[str, str]:
    """Return the environment that a server with ``settings`` hands on to its child processes, without its own variables."""
    return {**os.environ, **settings.child_environment}


def machine(environment: Mapping[str, str] | None = None) -> Machine:
    """Return the values of ``JAVA_HOME`` and ``XDG_CACHE_HOME``, or their defaults."""
    env = os.environ if environment is None else environment
    caches = Path(env.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Machine(java_home=env.get("JAVA_HOME") or None, cache=caches / "glue-local")


@dataclass(frozen=True)
class Stack:
    """The images that docker-compose.yml uses and the ports that it publishes, from the variables that it reads."""

    images: tuple[str, ...]
    ports: tuple[int, ...]


def stack(version: str, environment: Mapping[str, str] | None = None) -> Stack:
    """Return the images and ports of the Compose stack of ``version``; raises ValueError as from_environment does.

    Without ``environment`` they are read as Compose reads them: from this process's environment, then from ``.env`` in
    the current folder.
    """
    env = {**_dotenv(Path(".env")), **os.environ} if environment is None else environment
    return Stack(
        images=(
            "localstack/localstack:4.14.0",
            env.get("GLUE_IMAGE") or "public.ecr.aws/glue/aws-glue-libs:5",
            "trinodb/trino:476",
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
        raise ValueError(f"{name} must be 1 or more: with 0 no run would ever start")
    return value


def _at_least(env: Mapping[str, str], name: str, default: int, least: int) -> int:
    value = _number(env, name, default)
    if value < least:
        raise ValueError(f"{name} must be {least} or more, not {value}")
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
        raise ValueError(
            f"GLUE_LOCAL_CHILDREN must be 'none' or a comma-separated list of {', '.join(CHILDREN)}, not {value!r}"
        )
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
    """What the server passes to its child processes: the endpoint of AWS, its own endpoint, and the private API's token."""

    aws: str
    endpoint: str
    token: str


def child_settings(environment: Mapping[str, str] | None = None) -> ChildSettings:
    """Return what the server passed to this process; raises KeyError for a variable that it did not set."""
    env = os.environ if environment is None else environment
    return ChildSettings(env["AWS_ENDPOINT_URL"], env["GLUE_LOCAL_ENDPOINT"], env["GLUE_LOCAL_TOKEN"])


@dataclass(frozen=True)
class QuerySettings:
    """The settings of the query process, passed by the server."""

    child: ChildSettings
    engine_endpoint: str
    """The endpoint of Glue and S3 for the engine."""
    worker: str
    account: str
    region: str
    cache: Path
    """The folder of the installed engine, shared by all projects of this user."""
    home: Path
    """The engine's work folder."""
    memory: int
    external: str
    slots: int


def query_settings(environment: Mapping[str, str] | None = None) -> QuerySettings:
    """Return the settings from the server; raises KeyError with the name of a missing variable."""
    env = os.environ if environment is None else environment
    child = child_settings(env)
    return QuerySettings(
        child=child,
        # Java tries both addresses of localhost, but the server listens on one.
        engine_endpoint=child.aws.replace("//localhost", "//127.0.0.1"),
        worker=env["GLUE_LOCAL_WORKER"],
        account=env["GLUE_LOCAL_ACCOUNT"],
        region=env["GLUE_LOCAL_REGION"],
        cache=machine(env).cache,
        home=Path(env["GLUE_LOCAL_DATA_DIR"]) / "trino",
        memory=int(env["GLUE_LOCAL_TRINO_MEMORY"]),
        external=env["GLUE_LOCAL_TRINO"],
        slots=int(env["GLUE_LOCAL_QUERIES"]),
    )


@dataclass(frozen=True)
class ContainerSettings:
    """The settings of the process that runs workers in containers."""

    image: str
    owner: str
    worker: str
    size: int
    environment: Mapping[str, str]
    """The environment of each worker."""


# Passed on to a worker in a container: variables from the server, and those that the user may have set.
_FOR_WORKERS = (
    *("GLUE_LOCAL_ENDPOINT", "GLUE_LOCAL_TOKEN", "AWS_ENDPOINT_URL", "GLUE_LOCAL_REGION", "GLUE_LOCAL_AWSGLUE"),
    *("GLUE_LOCAL_DRIVER_MEMORY", "GLUE_LOCAL_DRIVER_OPTIONS", "GLUE_LOCAL_NAMES"),
)


def glue_image(environment: Mapping[str, str] | None = None) -> str:
    """Return the image that runs execute in: ``GLUE_IMAGE``, or the official one."""
    env = os.environ if environment is None else environment
    return env.get("GLUE_IMAGE") or DEFAULT_IMAGE


def container_settings(environment: Mapping[str, str] | None = None) -> ContainerSettings:
    """Return the settings from the server and the user; raises KeyError for a variable that the server did not set."""
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
    """Make this process and its children reach this machine directly: boto3 would send requests for localhost to a proxy."""
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "localhost", "127.0.0.1")))
