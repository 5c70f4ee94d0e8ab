"""What the worker was told by its environment, and the environment it gives to the processes of runs."""

import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from glue_local.worker.installation import spark_defaults, spark_python
from glue_local.worker.names import Names, host_of

_PACKAGES = Path(__file__).parent.parent.parent
_GUARD = Path(__file__).parent / "guard"
# Where our awsglue is: beside glue_local where that is installed, else where the Compose set-up mounts it.
_AWSGLUE = (_PACKAGES, Path("/opt/glue-local-awsglue"))
_SECRETS = ("GLUE_LOCAL_TOKEN", "GLUE_LOCAL_TOKEN_FILE")
# A proxy resolves names that a run may not, and knows nothing of this machine's ports.
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
# All that a run on a person's machine is told of that person's environment, for on AWS a script sees nothing of who
# started it: where programs, files and libraries are, the language and the zone, the authorities that the machine
# trusts, the Java and the Spark that are installed, and the cluster that a master means.
_OF_THE_MACHINE = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
        *("LANG", "LANGUAGE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "JAVA_HOME", "KUBECONFIG"),
    )
)
_OF_THE_MACHINE_TOO = ("LC_", "SPARK_", "HADOOP_", "YARN_")


@dataclass(frozen=True)
class Surroundings:
    """One worker's settings; every field comes from a variable that the server sets, or a container's definition."""

    endpoint: str
    """The server's private API."""
    aws_endpoint: str
    """Every AWS client's, and S3A's."""
    token: str
    data_dir: Path
    worker: str
    jars: str
    table_formats: Mapping[str, str]
    slots: int
    runs: int
    """After how many runs the worker ends; 0 is never."""
    warm_drivers: int
    keep_runs: bool
    driver_memory: str
    driver_options: str | None
    region: str
    master: str
    cpu_scale: float
    memory_scale: float
    executors_wait: int
    """Seconds that a cluster has to give a run its executors."""
    names: tuple[str, ...]
    awsglue: str
    our_awsglue: Path
    """The folder that holds our ``awsglue``, whether or not the runs import it."""
    ends_with_input: bool
    inherited: Mapping[str, str]
    """What the processes of runs are told of this worker's own environment."""
    spark_python: tuple[str, ...]
    spark_defaults: Mapping[str, str]

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "Surroundings":
        """Read the environment; raises ValueError, in one line, for what is missing or cannot be used."""
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
            slots=_count(env, "GLUE_LOCAL_SLOTS", 2, least=1),
            runs=_count(env, "GLUE_LOCAL_RUNS", 0),
            warm_drivers=_count(env, "GLUE_LOCAL_WARM_DRIVERS", 2),
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
        """Whether a run's executors are threads of its driver."""
        return self.master.startswith("local")

    def resolvable(self) -> Names:
        """Return the names that a run may resolve."""
        return Names(self.names, "127.0.0.1" if self.local else own_address())

    def jars_of(self, table_format: str) -> str:
        """Return the class path of a table format; raises ValueError with what is to be done where it is not here."""
        folder = self.table_formats.get(table_format)
        if folder is None:
            known = ", ".join(self.table_formats) or "none"
            raise ValueError(f"--datalake-formats {table_format}: known here are {known}")
        if not Path(folder, "manifest.json").exists():
            fix = f"run `glue-local doctor --fix --datalake-formats {table_format}`"
            raise ValueError(f"--datalake-formats {table_format}: its jars are not installed: {fix}")
        return os.path.join(folder, "*")

    def process_environment(self) -> dict[str, str]:
        """Return the environment of any run's process: the endpoint, dummy credentials, no way to AWS."""
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
        """Return what AWS's SDKs read, for one account."""
        return {
            "AWS_ENDPOINT_URL": self.aws_endpoint,
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }


def own_address() -> str:
    """Return the address under which this machine's containers find this one."""
    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError:
        return "127.0.0.1"


def _inherited(env: Mapping[str, str]) -> dict[str, str]:
    # The server's own worker has the environment of whoever started the server; any other that of a container, or of
    # whoever made it a worker: there the image says by it where its awsglue and its Spark are.
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
