"""The worker's settings, read from its environment, and the environment that it passes to runs."""

import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from glue_local.worker.installation import spark_defaults, spark_python
from glue_local.worker.isolation.resolvable_hosts import Names, host_of

_PACKAGES = Path(__file__).parent.parent.parent
_GUARD = Path(__file__).parent / "guard"
# glue-local's awsglue is next to glue_local in an installation; docker-compose.yml mounts it elsewhere.
_AWSGLUE = (_PACKAGES, Path("/opt/glue-local-awsglue"))
_SECRETS = ("GLUE_LOCAL_TOKEN", "GLUE_LOCAL_TOKEN_FILE")
# A proxy would resolve host names that runs must not reach, and cannot reach this machine's ports.
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
# The only variables of a developer's environment that runs get, since on AWS a script sees nothing of the caller's: where
# programs, files and libraries are, language and time zone, trusted certificates, Java, Spark, and its cluster.
_OF_THE_MACHINE = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
        *("LANG", "LANGUAGE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "JAVA_HOME", "KUBECONFIG"),
    )
)
_OF_THE_MACHINE_TOO = ("LC_", "SPARK_", "HADOOP_", "YARN_")


@dataclass(frozen=True)
class Settings:
    """One worker's settings; every field comes from a variable that the server sets, or a container's definition."""

    endpoint: str
    """The server's private API."""
    aws_endpoint: str
    """The endpoint of all AWS clients and of S3A."""
    token: str
    data_dir: Path
    worker: str
    jars: str
    table_formats: Mapping[str, str]
    class_archives: Path | None
    """The folder of class archives (Java's class data sharing); None disables them."""
    slots: int
    runs: int
    """The worker ends after this many runs; 0 means never."""
    warm_drivers: int
    driver_reuse: bool
    """Whether drivers are reused for further runs."""
    keep_runs: bool
    driver_memory: str
    driver_options: str | None
    region: str
    master: str
    cpu_scale: float
    memory_scale: float
    executors_wait: int
    """Seconds to wait for a run's executors on a cluster."""
    names: tuple[str, ...]
    awsglue: str
    our_awsglue: Path
    """The folder that holds our ``awsglue``, whether or not the runs import it."""
    ends_with_input: bool
    inherited: Mapping[str, str]
    """The variables of this worker's environment that runs get."""
    spark_python: tuple[str, ...]
    spark_defaults: Mapping[str, str]

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "Settings":
        """Read the environment; raises ValueError with one line for a missing or invalid value."""
        endpoint = _required(env, "GLUE_LOCAL_ENDPOINT")
        aws_endpoint = env.get("AWS_ENDPOINT_URL") or endpoint
        master = env.get("GLUE_LOCAL_MASTER") or "local[*]"
        worker = env.get("GLUE_LOCAL_WORKER") or socket.gethostname()
        return cls(
            endpoint=endpoint,
            aws_endpoint=aws_endpoint,
            token=_token(env),
            data_dir=Path(env.get("GLUE_LOCAL_DATA_DIR") or Path(tempfile.gettempdir()) / f"glue-local-{worker}"),
            worker=worker,
            jars=env.get("GLUE_LOCAL_JARS", ""),
            table_formats=_table_formats(env),
            class_archives=Path(env["GLUE_LOCAL_CLASS_ARCHIVES"]) if env.get("GLUE_LOCAL_CLASS_ARCHIVES") else None,
            slots=_count(env, "GLUE_LOCAL_SLOTS", 2, least=1),
            runs=_count(env, "GLUE_LOCAL_RUNS", 0),
            warm_drivers=_count(env, "GLUE_LOCAL_WARM_DRIVERS", 2),
            driver_reuse=env.get("GLUE_LOCAL_DRIVER_REUSE", "true") not in ("false", "0"),
            keep_runs=_true(env, "GLUE_LOCAL_KEEP_RUNS"),
            driver_memory=env.get("GLUE_LOCAL_DRIVER_MEMORY") or "2g",
            driver_options=env.get("GLUE_LOCAL_DRIVER_OPTIONS"),
            region=env.get("GLUE_LOCAL_REGION") or env.get("AWS_REGION") or "us-east-1",
            master=master,
            cpu_scale=_scale(env, "GLUE_LOCAL_CPU_SCALE", "0.25"),
            memory_scale=_scale(env, "GLUE_LOCAL_MEMORY_SCALE", "0.0625"),
            executors_wait=_count(env, "GLUE_LOCAL_EXECUTORS_WAIT", 60),
            names=_names(env, endpoint, aws_endpoint, master),
            awsglue=_one_of(env, "GLUE_LOCAL_AWSGLUE", ("image", "ours")),
            our_awsglue=_our_awsglue(env),
            ends_with_input=_ends_with_input(env),
            inherited=_inherited(env),
            spark_python=tuple(spark_python(env)),
            spark_defaults=spark_defaults(env),
        )

    @property
    def local(self) -> bool:
        """Whether a run's executors are threads in its driver."""
        return self.master.startswith("local")

    def resolvable(self) -> Names:
        """Return the names that a run may resolve."""
        return Names(self.names, "127.0.0.1" if self.local else own_address())

    def jars_of(self, table_format: str) -> str:
        """Return the class path of a table format; raises ValueError with the fix if its jars are not installed."""
        folder = self.table_formats.get(table_format)
        if folder is None:
            known = ", ".join(self.table_formats) or "none"
            raise ValueError(f"--datalake-formats {table_format}: unknown format; known formats: {known}")
        if not Path(folder, "manifest.json").exists():
            fix = f"run `glue-local doctor --fix --datalake-formats {table_format}`"
            raise ValueError(f"--datalake-formats {table_format}: its jars are not installed: {fix}")
        return os.path.join(folder, "*")

    def process_environment(self) -> dict[str, str]:
        """Return the environment of every run's process: the endpoint and dummy credentials, without access to AWS."""
        ours = [str(self.our_awsglue)] if self.awsglue == "ours" else []
        path = [
            str(_GUARD),
            *ours,
            str(_PACKAGES),
            *filter(None, [self.inherited.get("PYTHONPATH")]),
            *self.spark_python,
        ]
        return {
            **self.inherited,
            **self.run_environment("test"),
            "PYTHONPATH": os.pathsep.join(path),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
            "GLUE_LOCAL_OUR_AWSGLUE": str(self.our_awsglue),
        }

    def run_environment(self, account: str) -> dict[str, str]:
        """Return the variables for AWS's SDKs, for one account."""
        return {
            "AWS_ENDPOINT_URL": self.aws_endpoint,
            # An address: with a host name, AWS's SDKs for Java and JavaScript would use bucket.host.
            "AWS_ENDPOINT_URL_S3": _by_address(self.aws_endpoint),
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }


def _by_address(endpoint: str) -> str:
    """Return an endpoint with its host's address; unchanged for https, whose certificate is for the name."""
    parts = urlsplit(endpoint)
    if parts.scheme != "http" or not parts.hostname:
        return endpoint
    try:
        address = socket.gethostbyname(parts.hostname)
    except OSError:
        return endpoint
    return parts._replace(netloc=address + (f":{parts.port}" if parts.port else "")).geturl()


def own_address() -> str:
    """Return the address at which other machines and containers reach this one."""
    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError:
        return "127.0.0.1"


def _inherited(env: Mapping[str, str]) -> dict[str, str]:
    # The server's own worker has the environment of the person who started the server. Any other worker has that of a
    # container, whose image needs it to find its awsglue and its Spark.
    told = {key: value for key, value in env.items() if _of_the_machine(key)} if _ends_with_input(env) else env
    return {
        key: value
        for key, value in told.items()
        if key not in _SECRETS and not key.startswith("AWS_") and key.lower() not in _PROXIES
    }


def _of_the_machine(name: str) -> bool:
    return name in _OF_THE_MACHINE or name.startswith(_OF_THE_MACHINE_TOO)


def _ends_with_input(env: Mapping[str, str]) -> bool:
    return _true(env, "GLUE_LOCAL_ENDS_WITH_INPUT")


def _our_awsglue(env: Mapping[str, str]) -> Path:
    told = env.get("GLUE_LOCAL_OUR_AWSGLUE")
    folders = (Path(told),) if told else _AWSGLUE
    return next((folder for folder in folders if (folder / "awsglue" / "__init__.py").exists()), folders[-1])


def _names(env: Mapping[str, str], endpoint: str, aws_endpoint: str, master: str) -> tuple[str, ...]:
    told = tuple(filter(None, (name.strip() for name in env.get("GLUE_LOCAL_NAMES", "").split(","))))
    # spark://one:7077,two:7077 names the masters of a cluster; local and yarn name none.
    masters = [urlsplit(f"//{one.rpartition('//')[2]}").hostname for one in master.split(",") if ":" in one]
    return (host_of(endpoint), host_of(aws_endpoint), *filter(None, masters), *told)


def _required(env: Mapping[str, str], name: str) -> str:
    if not env.get(name):
        raise ValueError(f"{name} is not set")
    return env[name]


def _token(env: Mapping[str, str]) -> str:
    if env.get("GLUE_LOCAL_TOKEN"):
        return env["GLUE_LOCAL_TOKEN"]
    if not env.get("GLUE_LOCAL_TOKEN_FILE"):
        raise ValueError("neither GLUE_LOCAL_TOKEN nor GLUE_LOCAL_TOKEN_FILE is set")
    path = Path(env["GLUE_LOCAL_TOKEN_FILE"])
    try:
        token = path.read_text().strip()
    except OSError as error:
        raise ValueError(f"GLUE_LOCAL_TOKEN_FILE {path} cannot be read ({error.strerror}): is the server up?") from None
    if not token:
        raise ValueError(f"GLUE_LOCAL_TOKEN_FILE {path} is empty: is the server up?")
    return token


def _count(env: Mapping[str, str], name: str, default: int, least: int = 0) -> int:
    value = env.get(name) or str(default)
    if not value.isdigit() or int(value) < least:
        raise ValueError(f"{name} must be a whole number from {least} up, not {value!r}")
    return int(value)


def _scale(env: Mapping[str, str], name: str, default: str) -> float:
    value = env.get(name) or default
    try:
        scale = float(value)
    except ValueError:
        scale = 0.0
    if not 0 < scale <= 1:
        raise ValueError(f"{name} must be a number above 0, at most 1, not {value!r}")
    return scale


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name) or allowed[0]
    if value not in allowed:
        raise ValueError(f"{name} must be {' or '.join(allowed)}, not {value!r}")
    return value


def _true(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "") not in ("", "false", "0")


def _table_formats(env: Mapping[str, str]) -> dict[str, str]:
    pairs = env.get("GLUE_LOCAL_TABLE_FORMATS", "").split(os.pathsep)
    return dict(pair.split("=", 1) for pair in pairs if pair)
