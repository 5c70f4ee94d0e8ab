"""One Spark context lent to script after script: each that makes its own gets this one, with a session of its own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from glue_local.worker.warm_session import OF_ONE_CONTEXT


class NeedsItsOwn(Exception):
    """A setting that a context which runs already does not take."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} cannot be set on a Spark session that runs already")


@contextmanager
def lent(session: SparkSession, settings: Mapping[str, str], python_path: str) -> Iterator[None]:
    """Hand ``session``'s context to whoever makes a SparkContext in the block, with ``settings`` and nothing left over.

    Temporary views, settings and caches end with the block; ``stop`` stops nothing. ``python_path`` is for Python
    workers. Raises NeedsItsOwn for a setting that needs a JVM of its own.
    """
    context, fresh = session.sparkContext, session.newSession()
    refused: list[str] = []

    def take(key: str, value: str) -> None:
        if not fresh._jsparkSession.conf().isModifiable(key):
            refused.append(key)
            raise NeedsItsOwn(key)
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
    if refused:  # the script has swallowed it, or failed by it
        raise NeedsItsOwn(refused[0])


def _adopting(context: SparkContext, take: Callable[[str, str], None]) -> Any:
    running = dict(context.getConf().getAll())

    def adopt(self: Any, *positional: Any, conf: SparkConf | None = None, **named: Any) -> None:
        given = [*positional, *named.values()]
        for wanted in (conf, *(each for each in given if isinstance(each, SparkConf))):
            for key, value in wanted.getAll() if wanted is not None else ():
                if running.get(key) != value and not key.startswith(OF_ONE_CONTEXT):
                    take(key, value)
        # Every context that a script makes is the one that runs, down to its counters.
        self.__dict__ = context.__dict__

    return adopt


@contextmanager
def _sessions(fresh: SparkSession, session: SparkSession) -> Iterator[None]:
    """Make ``fresh`` the JVM's session and let Python know of none, as before a script's first line."""
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
