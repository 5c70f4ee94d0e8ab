"""Write class archives: each by a JVM that exercises typical jobs and then ends."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from glue_local.worker.drivers.run_process import RunProcess
from glue_local.worker.jvm.class_archives import ClassArchives
from glue_local.worker.run_folder import RunFolder
from glue_local.worker.settings import Settings
from glue_local.worker.spark.environment import spark_environment

_LEAST_PRIORITY = 19
_POLL = 0.1


class ClassArchiveWriter:
    """Writes one archive at a time; at lowest priority if ``yielding``, so that runs do not wait."""

    def __init__(self, settings: Settings, archives: ClassArchives, *, yielding: bool) -> None:
        self._settings, self._archives, self._yielding = settings, archives, yielding
        self._writing: tuple[RunProcess, Path] | None = None

    @property
    def is_writing(self) -> bool:
        """Whether ``begin`` was called for an archive that is not finished."""
        return self._writing is not None

    def begin(self, class_path: Sequence[str], folder: RunFolder) -> None:
        """Start a JVM in ``folder`` that writes the archive of a class path."""
        options, draft = self._archives.creating_options(class_path)
        jars = list(class_path[: len(class_path) - len(connector_jars(self._settings))])
        environment = spark_environment(self._settings, folder, {}, jars, options)
        process = RunProcess("glue_local.worker.jvm.class_archive_main", folder, environment)
        if self._yielding:
            os.setpriority(os.PRIO_PGRP, process.pid, _LEAST_PRIORITY)
        self._writing = process, draft

    def finish(self) -> str | None:
        """If the JVM has ended, let others use its archive and remove its folder; return why there is none, else None."""
        if self._writing is None or self._writing[0].exit_code() is None:
            return None
        process, draft = self._writing
        self._writing = None
        process.end()
        problem = None if process.folder.read_result() else process.folder.last_words()
        if problem is None:
            self._archives.put_in_place(draft)
        process.folder.remove()
        return problem

    def end(self) -> None:
        """End the JVM without an archive."""
        if self._writing is not None:
            self._writing[0].end()
            self._writing[0].folder.remove()


def connector_jars(settings: Settings) -> list[str]:
    """Return the entries that every job's class path ends with."""
    return [os.path.join(settings.jars, "*")] if settings.jars else []


def archive_is_missing(settings: Settings) -> bool:
    """Return whether jobs without additional jars lack an archive that this Java could write."""
    return _missing(ClassArchives(settings.class_archives, settings.inherited), settings) is not None


def write_archive(settings: Settings, folder: RunFolder) -> str | None:
    """Write the missing archive of jobs without additional jars and wait for it; return why there is none, else None."""
    archives = ClassArchives(settings.class_archives, settings.inherited)
    class_path = _missing(archives, settings)
    if class_path is None:
        return None
    writer, problem = ClassArchiveWriter(settings, archives, yielding=False), None
    writer.begin(class_path, folder)
    try:
        while writer.is_writing:
            time.sleep(_POLL)
            problem = writer.finish()
    finally:
        writer.end()
    return problem


def _missing(archives: ClassArchives, settings: Settings) -> Sequence[str] | None:
    archives.options(connector_jars(settings))
    return archives.next_missing()
