"""What the worker was told by its environment, and the environment it gives to the processes of runs."""

import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from glue_local.worker.spark_conf import hosts_file, spark_conf, submit_arguments

_PACKAGES = Path(__file__).parent.parent.parent
_GUARD = Path(__file__).parent / "guard"
_SECRETS = ("GLUE_LOCAL_TOKEN",)
# A proxy resolves names that a run may not, and knows nothing of this machine's ports.
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")

# A driver lives for one run of a minute: the optimising compiler and a parallel collector would work for code that
# is gone before they pay. Half an hour of the full network takes two thirds of the time with these.
_SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"

_LOG4J = """rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n%ex
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error
logger.metrics.name = org.apache.hadoop.metrics2
logger.metrics.level = error
logger.garbage.name = org.apache.spark.metrics.GarbageCollectionMetrics
logger.garbage.level = error
logger.sdk.name = com.amazonaws.util.VersionInfoUtils
logger.sdk.level = error
"""


@dataclass(frozen=True)
class Surroundings:
    """One worker's settings; every field comes from a variable ``GLUE_LOCAL_…`` that the server sets."""

    endpoint: str
    token: str
    data_dir: Path
    worker: str
    jars: str
    table_formats: Mapping[str, str]
    slots: int
    warm_drivers: int
    keep_runs: bool
    driver_memory: str
    driver_options: str
    region: str

    @classmethod
    def read(cls, env: Mapping[str, str]) -> "Surroundings":
        """Read the environment; raises KeyError naming a variable that the server should have set."""
        return cls(
            endpoint=env["GLUE_LOCAL_ENDPOINT"],
            token=env["GLUE_LOCAL_TOKEN"],
            data_dir=Path(env["GLUE_LOCAL_DATA_DIR"]),
            worker=env.get("GLUE_LOCAL_WORKER", f"worker-{os.getpid()}"),
            jars=env.get("GLUE_LOCAL_JARS", ""),
            table_formats=dict(
                pair.split("=", 1) for pair in env.get("GLUE_LOCAL_TABLE_FORMATS", "").split(os.pathsep) if pair
            ),
            slots=int(env.get("GLUE_LOCAL_SLOTS", "2")),
            warm_drivers=int(env.get("GLUE_LOCAL_WARM_DRIVERS", "2")),
            keep_runs=env.get("GLUE_LOCAL_KEEP_RUNS", "") not in ("", "false", "0"),
            driver_memory=env.get("GLUE_LOCAL_DRIVER_MEMORY", "2g"),
            driver_options=env.get("GLUE_LOCAL_DRIVER_OPTIONS", _SHORT_LIVED),
            region=env.get("GLUE_LOCAL_REGION", "us-east-1"),
        )

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
        inherited = {
            key: value
            for key, value in os.environ.items()
            if key not in _SECRETS and not key.startswith("AWS_") and key.lower() not in _PROXIES
        }
        return {
            **inherited,
            **self.run_environment("test"),
            "PYTHONPATH": os.pathsep.join([str(_GUARD), str(_PACKAGES), inherited.get("PYTHONPATH", "")]).rstrip(":"),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_DRIVER_PYTHON": sys.executable,
        }

    def run_environment(self, account: str) -> dict[str, str]:
        """Return what AWS's SDKs read, for one account."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": account,
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    def spark_environment(self, folder: Path, settings: Mapping[str, str], extra_jars: list[str]) -> dict[str, str]:
        """Return the environment of a Spark run's process, its JVM started with ``settings`` over ours."""
        conf = spark_conf(self.endpoint, self.jars, region=self.region, warehouse=str(folder / "spark-warehouse"))
        conf["spark.driver.memory"] = self.driver_memory
        conf["spark.local.dir"] = str(folder / "local")
        if extra_jars:
            conf["spark.driver.extraClassPath"] = os.pathsep.join(
                [*extra_jars, conf.get("spark.driver.extraClassPath", "")]
            )
        conf["spark.driver.extraJavaOptions"] = " ".join(
            [
                f"-Djdk.net.hosts.file={hosts_file(folder, self._addresses())}",
                f"-Dlog4j2.configurationFile={self._log_settings(folder)}",
                f"-Dderby.system.home={folder}",
                f"-Djava.io.tmpdir={folder}",
                self.driver_options,
                "-Djava.net.preferIPv4Stack=true",
            ]
        )
        conf["spark.hadoop.fs.s3a.committer.staging.tmp.path"] = f"file://{folder}/staging"
        conf |= {key: _joined(conf, key, value) for key, value in settings.items()}
        return {**self.process_environment(), "PYSPARK_SUBMIT_ARGS": submit_arguments(conf)}

    def _addresses(self) -> dict[str, str]:
        server = urlsplit(self.endpoint).hostname or "localhost"
        own = socket.gethostname()
        return {"localhost": "127.0.0.1", own: "127.0.0.1", server: socket.gethostbyname(server)}

    def _log_settings(self, folder: Path) -> Path:
        path = folder / "log4j2.properties"
        path.write_text(_LOG4J)
        return path


def _joined(conf: Mapping[str, str], key: str, value: str) -> str:
    """Return a job's setting, behind ours where it must not take their place: they keep the run off AWS."""
    separator = {"spark.driver.extraJavaOptions": " ", "spark.driver.extraClassPath": os.pathsep}.get(key)
    return f"{conf[key]}{separator}{value}" if separator and conf.get(key) else value
