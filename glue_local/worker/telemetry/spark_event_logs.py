"""Spark's event logs of a run, which Spark writes into the run's folder and the worker copies to ``--spark-event-logs-path``.

https://docs.aws.amazon.com/glue/latest/dg/monitor-spark-ui-jobs.html
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from glue_local.worker.arguments import is_on
from glue_local.worker.log import say
from glue_local.worker.run_folder import RunFolder

SPARK_UI, PATH = "--enable-spark-ui", "--spark-event-logs-path"
_EVERY = 30.0  # seconds, as on AWS
_UNFINISHED = ".inprogress"


def destination(arguments: Mapping[str, str]) -> str | None:
    """Return the S3 folder that a run's event logs belong in, None if it writes none. Raises ValueError for another path."""
    path = arguments.get(PATH, "")
    if not is_on(arguments, SPARK_UI) or not path:
        return None
    if not path.startswith(("s3://", "s3a://")):
        raise ValueError(f"{PATH} must be an S3 path such as s3://bucket/folder/, not {path}")
    return path


def settings(folder: RunFolder, application: str) -> dict[str, str]:
    """Return the settings with which Spark writes its event log into the run's folder.

    A local file: Spark would show a log in S3 only when it is closed, and lose that of a run that is killed.
    """
    folder.event_logs.mkdir(exist_ok=True)
    return {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": folder.event_logs.as_uri(),
        "spark.eventLog.rolling.enabled": "false",
        "spark.app.name": application,
    }


class EventLogs:
    """Copies the event logs of a run to S3 from a thread, every 30 seconds and when it is closed.

    An unfinished log has Spark's suffix ``.inprogress``. If S3 fails, the worker says so and the run does not fail.
    """

    def __init__(self, s3: Any, folder: RunFolder, to: str) -> None:
        self._s3, self._folder = s3, folder.event_logs
        self._bucket, _, prefix = to.split("://", 1)[1].partition("/")
        self._prefix = f"{prefix.rstrip('/')}/" if prefix.strip("/") else ""
        self._copied: dict[str, int] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="event-logs")
        self._thread.start()

    def close(self) -> None:
        """Copy the rest and stop."""
        self._closing.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._closing.wait(_EVERY):
            self._copy()
        self._copy()

    def _copy(self) -> None:
        try:
            files = {path.name: path for path in self._folder.iterdir() if path.is_file() and path.name[0] != "."}
            for name, path in files.items():
                self._copy_file(name, path)
            for name in [each for each in self._copied if each.endswith(_UNFINISHED) and each not in files]:
                self._s3.delete_object(Bucket=self._bucket, Key=self._prefix + name)
                del self._copied[name]
        except (BotoCoreError, ClientError) as error:
            say(f"Spark's event log is not in s3://{self._bucket}/{self._prefix}: {error}")
        except FileNotFoundError:
            # Spark has just renamed a log that is complete. The next copy finds its new name.
            return

    def _copy_file(self, name: str, path: Path) -> None:
        size = path.stat().st_size
        if self._copied.get(name) != size:
            with path.open("rb") as body:
                self._s3.put_object(Bucket=self._bucket, Key=self._prefix + name, Body=body)
            self._copied[name] = size
