"""Redirect the AWS calls of another ``awsglue``, such as the official image's, to glue-local's.

Its catalog, streams, purges and bookmarks call AWS services from the JVM with an SDK that does not support
``AWS_ENDPOINT_URL``. glue-local's ``awsglue`` handles these behind the documented interface; the other one reads and
writes files itself.

Pages: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-glue-context.html
and https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html
"""

import functools
import inspect
import threading
import weakref
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from glue_local.worker.awsglue_image.bundled_awsglue import Ours

# GlueContext's methods that always need an AWS service.
_ANSWERED = (
    "create_dynamic_frame_from_catalog",
    "create_data_frame_from_catalog",
    "create_sample_dynamic_frame_from_catalog",
    "get_catalog_schema_as_spark_schema",
    "write_dynamic_frame_from_catalog",
    "write_data_frame_from_catalog",
    "write_dynamic_frame_from_jdbc_conf",
    "write_from_jdbc_conf",
    "extract_jdbc_conf",
    "purge_table",
    "purge_s3_path",
    "transition_table",
    "transition_s3_path",
    "forEachBatch",
    "getSampleStreamingDynamicFrame",
    "add_ingestion_time_columns",
)
_READERS = ("create_dynamic_frame", "create_data_frame")
_WRITERS = ("write_dynamic_frame", "write_data_frame")
# Sources other than files that have bookmarks on AWS.
_JDBC = ("jdbc", "mysql", "postgresql", "sqlserver", "oracle", "redshift")
# Connection options that bookmarks read; the source gets the list of files instead.
_SELECTION = ("paths", "path", "recurse", "exclusions", "maxBand", "maxFilesInBand", "boundedFiles", "boundedSize")
_NO_BOOKMARK = {"job_bookmark_option": "job-bookmark-disable", "job_bookmark_from": None, "job_bookmark_to": None}
_FROM_OPTIONS = (
    *("connection_type", "connection_options", "format", "format_options", "transformation_ctx", "push_down_predicate"),
)


class Package(NamedTuple):
    """The classes of an ``awsglue``."""

    context: Any
    job: Any
    frame: Any


class Layer:
    """The services of glue-local's ``awsglue`` for this process's run, behind another one's interface."""

    def __init__(self, package: Package, ours: Ours) -> None:
        self._package = package
        self._ours: Any = ours
        self._contexts: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()
        self._session: Any = None
        self._reading = threading.local()

    def put_on(self) -> None:
        """Wrap the methods of Job, GlueContext, and its reader and writer objects."""
        job, context = self._package.job, self._package.context
        job.init, job.commit = self._init(job), self._commit(job)
        for name in _ANSWERED:
            if hasattr(context, name):
                setattr(context, name, self._answer(getattr(context, name), name))
        for kind in _READERS:
            name = f"{kind}_from_options"
            if hasattr(context, name):
                setattr(context, name, self._from_options(getattr(context, name), kind))
        context.getSource = self._get_source(context.getSource)
        if hasattr(context, "getSink"):
            context.getSink = self._get_sink(context.getSink)
        context.__init__ = self._with_readers_and_writers(context.__init__)

    def _mine(self, context: Any) -> Any:
        """Return glue-local's GlueContext on the session of another one."""
        if context not in self._contexts:
            self._contexts[context] = self._ours.context.GlueContext(context.spark_session)
        return self._contexts[context]

    def _to_ours(self, context: Any, value: Any) -> Any:
        if not isinstance(value, self._package.frame):
            return value
        return self._ours.frame.DynamicFrame(value.toDF(), self._mine(context), getattr(value, "name", ""))

    def _to_theirs(self, context: Any, value: Any) -> Any:
        if not isinstance(value, self._ours.frame.DynamicFrame):
            return value
        return self._package.frame.fromDF(value.toDF(), context, value.name)

    def _call(self, context: Any, method: Any, args: Any, kwargs: Any) -> Any:
        given = [self._to_ours(context, value) for value in args]
        named = {name: self._to_ours(context, value) for name, value in kwargs.items()}
        return self._to_theirs(context, method(*given, **named))

    def _answer(self, first: Any, name: str) -> Any:
        @functools.wraps(first)
        def answer(context: Any, *args: Any, **kwargs: Any) -> Any:
            return self._call(context, getattr(self._mine(context), name), args, kwargs)

        return answer

    def _with_readers_and_writers(self, first: Any) -> Any:
        @functools.wraps(first)
        def init(context: Any, *args: Any, **kwargs: Any) -> None:
            first(context, *args, **kwargs)
            for kind in filter(functools.partial(hasattr, context), (*_READERS, *_WRITERS)):
                theirs, ours = getattr(context, kind), getattr(self._mine(context), kind)
                for method in ("from_catalog", "from_jdbc_conf"):
                    if hasattr(theirs, method) and hasattr(ours, method):
                        setattr(theirs, method, self._bound(context, getattr(ours, method)))
                if kind in _READERS and hasattr(theirs, "from_options"):
                    bound = functools.partial(_without_context, theirs.from_options)
                    theirs.from_options = functools.partial(self._from_options(bound, kind), context)

        return init

    def _bound(self, context: Any, method: Any) -> Callable[..., Any]:
        @functools.wraps(method)
        def answer(*args: Any, **kwargs: Any) -> Any:
            return self._call(context, method, args, kwargs)

        return answer

    def _init(self, job: Any) -> Any:
        first = job.__dict__["init"]

        @functools.wraps(job.init)
        def init(this: Any, job_name: str, args: Mapping[str, Any] | None = None) -> Any:
            from pyspark.sql import SparkSession

            arguments = dict(args or {})
            self._session = SparkSession.builder.getOrCreate()
            self._ours.context.keep_bookmarks(self._session, self._ours.bookmarks.of_run(job_name, arguments))
            # The other package would call a missing service for them.
            plain = {key: _NO_BOOKMARK.get(key, value) for key, value in arguments.items()}
            return first.__get__(this, type(this))(job_name, plain)

        return init

    def _commit(self, job: Any) -> Any:
        first = job.__dict__["commit"]

        @functools.wraps(job.commit)
        def commit(this: Any) -> None:
            first.__get__(this, type(this))()
            if self._bookmarks is not None:
                self._bookmarks.commit()

        return commit

    @property
    def _bookmarks(self) -> Any:
        return None if self._session is None else self._ours.context.bookmarks_of(self._session)

    def _from_options(self, first: Any, kind: str) -> Any:
        """Return from_options with bookmarks, applied once if one documented method calls another."""

        def from_options(context: Any, *args: Any, **kwargs: Any) -> Any:
            if getattr(self._reading, "inside", False):
                return first(context, *args, **kwargs)
            given = _named(_FROM_OPTIONS, args, kwargs)
            connection = str(given.get("connection_type")).lower()
            bookmarked = self._bookmarks is not None and given.get("transformation_ctx")
            if connection == "kinesis" or (bookmarked and connection in _JDBC):
                return self._call(context, getattr(self._mine(context), f"{kind}_from_options"), (), given)
            if bookmarked:
                files = self._new_files(given)
                if files == []:
                    return self._nothing(context, kind)
                given = given if files is None else _reading_only(given, files)
            self._reading.inside = True
            try:
                return first(context, **given)
            finally:
                self._reading.inside = False

        return from_options

    def _new_files(self, given: Mapping[str, Any]) -> list[str] | None:
        """Return the files that are new to a source's bookmark; None if it does not read files."""
        options = dict(given.get("connection_options") or {})
        if not (options.get("paths") or options.get("path")):
            return None
        format = str(given.get("format") or given.get("connection_type"))
        listing = functools.partial(self._ours.listing.files_of, options, format)
        bounds = self._ours.bookmarks.bounds(options)
        return [file.path for file in self._bookmarks.select(given["transformation_ctx"], listing, bounds)]

    def _nothing(self, context: Any, kind: str) -> Any:
        from pyspark.sql.types import StructType

        empty = context.spark_session.createDataFrame([], StructType([]))
        return empty if kind == "create_data_frame" else self._package.frame.fromDF(empty, context, "nothing_new")

    def _get_source(self, first: Any) -> Any:
        @functools.wraps(first)
        def get_source(
            context: Any, connection_type: str, format: Any = None, transformation_ctx: str = "", **options: Any
        ) -> Any:
            inside = getattr(self._reading, "inside", False)
            files = options.get("paths") or options.get("path") or connection_type in _JDBC
            if self._bookmarks is not None and not inside and transformation_ctx and files:
                raise NotImplementedError(
                    "getSource with a job bookmark is not emulated beside this awsglue; "
                    "create_dynamic_frame.from_options is, and GLUE_LOCAL_AWSGLUE=ours has both"
                )
            return first(context, connection_type, format, transformation_ctx, **options)

        return get_source

    def _get_sink(self, first: Any) -> Any:
        @functools.wraps(first)
        def get_sink(
            context: Any, connection_type: str, format: Any = None, transformation_ctx: str = "", **options: Any
        ) -> Any:
            if not self._ours.options.true(options, "enableUpdateCatalog"):
                return first(context, connection_type, format, transformation_ctx, **options)
            mine = self._mine(context)
            return _Sink(mine.getSink(connection_type, format, transformation_ctx, **options), self._call, context)

        return get_sink


class _Sink:
    """glue-local's sink that updates a catalog table, for frames of another ``awsglue``."""

    def __init__(self, ours: Any, call: Callable[..., Any], context: Any) -> None:
        self._ours, self._call, self._context = ours, call, context

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._ours, name)
        return lambda *args, **kwargs: self._call(self._context, method, args, kwargs)


def _without_context(bound: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
    return bound(*args, **kwargs)


def _named(names: tuple[str, ...], args: Any, kwargs: Any) -> dict[str, Any]:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind, default=None) for name in names]
    rest = inspect.Parameter("rest", inspect.Parameter.VAR_KEYWORD)
    arguments = dict(inspect.Signature([*parameters, rest]).bind(*args, **kwargs).arguments)
    return {**arguments, **arguments.pop("rest", {})}


def _reading_only(given: Mapping[str, Any], files: list[str]) -> dict[str, Any]:
    kept = {key: value for key, value in given["connection_options"].items() if key not in _SELECTION}
    return {**given, "connection_options": {**kept, "paths": files}}
