"""Share one Spark context between scripts: each script that creates a context gets this one, with a new session."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from glue_local.worker.drivers.warm_session import OF_ONE_CONTEXT


class NeedsOwnSession(Exception):
    """A setting that cannot be changed on a running Spark context."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} cannot be set on a running Spark session")


@contextmanager
def shared_context(session: SparkSession, settings: Mapping[str, str], python_path: str) -> Iterator[None]:
    """Make every new SparkContext in the block use ``session``'s context, with ``settings`` and a fresh session.

    Temporary views, settings and caches are removed on exit; ``stop`` has no effect. ``python_path`` is for Python
    workers. Raises NeedsOwnSession for a setting that needs its own JVM.
    """
    context, fresh = session.sparkContext, session.newSession()
    refused: list[str] = []

    def take(key: str, value: str) -> None:
        if not fresh._jsparkSession.conf().isModifiable(key):
            refused.append(key)
            raise NeedsOwnSession(key)
        fresh._jsparkSession.conf().set(key, value)

    for key, value in settings.items():
        take(key, value)
    workers = {**context.environment, "PYTHONPATH": python_path}
    with (
        patch.object(SparkContext, "__init__", _adopting(context, take)),
        patch.object(SparkContext, "getOrCreate", lambda conf=None: SparkContext(conf=conf)),
        patch.object(SparkContext, "stop", lambda self: None),
        patch.object(SparkSession, "stop", lambda self: None),
        patch.object(context, "environment", workers),
        _sessions(fresh, session),
    ):
        yield
    if refused:  # the script may have caught the exception
        raise NeedsOwnSession(refused[0])


def _adopting(context: SparkContext, take: Callable[[str, str], None]) -> Any:
    running = dict(context.getConf().getAll())

    def adopt(self: Any, *positional: Any, conf: SparkConf | None = None, **named: Any) -> None:
        given = [*positional, *named.values()]
        for wanted in (conf, *(each for each in given if isinstance(each, SparkConf))):
            for key, value in wanted.getAll() if wanted is not None else ():
                if running.get(key) != value and not key.startswith(OF_ONE_CONTEXT):
                    take(key, value)
        # Every context that a script creates shares all state of the running one.
        self.__dict__ = context.__dict__

    return adopt


@contextmanager
def _sessions(fresh: SparkSession, session: SparkSession) -> Iterator[None]:
    """Make ``fresh`` the JVM's active session and clear PySpark's, as before a script's first line."""
    jvm = session._jvm.SparkSession
    with patch.multiple(SparkSession, _instantiatedSession=None, _activeSession=None):
        jvm.setDefaultSession(fresh._jsparkSession)
        jvm.setActiveSession(fresh._jsparkSession)
        try:
            yield
        finally:
            for query in fresh.streams.active:
                query.stop()
            fresh.catalog.clearCache()
            jvm.setDefaultSession(session._jsparkSession)
            jvm.setActiveSession(session._jsparkSession)
