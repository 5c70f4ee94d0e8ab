"""Job bookmarks for an ``awsglue`` that has none, as AWS's own image: added around its documented interface.

Pages: https://docs.aws.amazon.com/glue/latest/dg/monitor-continuations.html and, for the interface,
https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-glue-context.html
"""

import functools
import inspect
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from glue_local.worker.our_awsglue import Ours

# What bookmarks read of connection options; a source is handed the files themselves instead.
_SELECTION = ("paths", "path", "recurse", "exclusions", "maxBand", "maxFilesInBand", "boundedFiles", "boundedSize")
# Sources without files that AWS keeps bookmarks for.
_JDBC = ("jdbc", "mysql", "postgresql", "sqlserver", "oracle", "redshift", "documentdb", "mongodb", "snowflake")
_BOOKMARK_ARGUMENTS = {
    "job_bookmark_option": "job-bookmark-disable",
    "job_bookmark_from": None,
    "job_bookmark_to": None,
}


def _documented(*names: str) -> inspect.Signature:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind, default=None) for name in names]
    return inspect.Signature([*parameters, inspect.Parameter("rest", inspect.Parameter.VAR_KEYWORD)])


_FROM_OPTIONS = _documented(
    *("connection_type", "connection_options", "format", "format_options", "transformation_ctx", "push_down_predicate")
)
_FROM_CATALOG = _documented(
    *("database", "table_name", "redshift_tmp_dir", "transformation_ctx", "push_down_predicate"),
    *("additional_options", "catalog_id"),
)


class Package(NamedTuple):
    """The classes of an ``awsglue``."""

    context: Any
    job: Any
    frame: Any


class Layer:
    """The bookmarks of the one run of this process, between its script and a package's sources."""

    def __init__(self, package: Package, ours: Ours | None) -> None:
        self._package = package
        self._ours: Any = ours
        self._bookmarks: Any = None
        self._reading = threading.local()

    def put_on(self) -> None:
        """Wrap ``Job.init``, ``Job.commit`` and every documented way to read a frame."""
        job, context = self._package.job, self._package.context
        job.init, job.commit = self._init(job), self._commit(job)
        for kind in ("dynamic", "data"):
            for source, read in (("options", self._read_options), ("catalog", self._read_catalog)):
                name = f"create_{kind}_frame_from_{source}"
                if hasattr(context, name):
                    setattr(context, name, self._reader(getattr(context, name), read, kind))
        context.getSource = self._get_source(context.getSource)
        context.__init__ = self._with_readers(context.__init__)

    def _init(self, job: Any) -> Any:
        first = job.__dict__["init"]

        @functools.wraps(job.init)
        def init(this: Any, job_name: str, args: Mapping[str, Any] | None = None) -> Any:
            arguments = dict(args or {})
            if self._ours is not None:
                self._bookmarks = self._ours.bookmarks.of_run(job_name, arguments)
            elif arguments.get("job_bookmark_option") not in (None, "job-bookmark-disable"):
                raise RuntimeError("this awsglue has no job bookmarks, and glue-local's is not mounted to add them")
            # The package itself would ask a service for them that is not here.
            plain = {key: _BOOKMARK_ARGUMENTS.get(key, value) for key, value in arguments.items()}
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

    def _with_readers(self, first: Any) -> Any:
        @functools.wraps(first)
        def init(context: Any, *args: Any, **kwargs: Any) -> None:
            first(context, *args, **kwargs)
            for kind in ("dynamic", "data"):
                reader = getattr(context, f"create_{kind}_frame", None)
                for source, read in (("options", self._read_options), ("catalog", self._read_catalog)):
                    bound = getattr(reader, f"from_{source}", None)
                    if bound is not None:
                        wrapped = self._reader(functools.partial(_without_context, bound), read, kind)
                        setattr(reader, f"from_{source}", functools.partial(wrapped, context))

        return init

    def _reader(self, first: Any, read: Callable[..., Any], kind: str) -> Any:
        """Return a way to read that is taken with bookmarks, once where one documented way leads to another."""

        def reader(context: Any, *args: Any, **kwargs: Any) -> Any:
            if self._inside or self._bookmarks is None:
                return first(context, *args, **kwargs)
            self._reading.inside = True
            try:
                frame = read(first, context, args, kwargs)
            finally:
                self._reading.inside = False
            return self._nothing(context, kind) if frame is None else frame

        return reader

    @property
    def _inside(self) -> bool:
        return getattr(self._reading, "inside", False)

    def _nothing(self, context: Any, kind: str) -> Any:
        from pyspark.sql.types import StructType

        empty = context.spark_session.createDataFrame([], StructType([]))
        return empty if kind == "data" else self._package.frame.fromDF(empty, context, "nothing_new")

    def _read_options(self, first: Any, context: Any, args: Any, kwargs: Any) -> Any:
        given = _named(_FROM_OPTIONS, args, kwargs)
        options = dict(given.get("connection_options") or {})
        name = given.get("transformation_ctx")
        if not name:
            return first(context, **given)
        if not (options.get("paths") or options.get("path")):
            _refuse_jdbc(str(given.get("connection_type")))
            return first(context, **given)
        format = str(given.get("format") or given.get("connection_type"))
        listing = functools.partial(self._ours.listing.files_of, options, format)
        files = self._bookmarks.select(name, listing, self._ours.bookmarks.bounds(options))
        if not files:
            return None
        kept = {key: value for key, value in options.items() if key not in _SELECTION}
        return first(context, **{**given, "connection_options": {**kept, "paths": [file.path for file in files]}})

    def _read_catalog(self, first: Any, context: Any, args: Any, kwargs: Any) -> Any:
        given = _named(_FROM_CATALOG, args, kwargs)
        name = given.get("transformation_ctx")
        if not name:
            return first(context, **given)
        catalog, options = self._ours.catalog, dict(given.get("additional_options") or {})
        database = given.get("database") or given.get("name_space")
        table = catalog.table(database, given.get("table_name"), given.get("catalog_id"))
        location = table["StorageDescriptor"].get("Location", "")
        if not location.startswith(("s3:", "s3a:", "s3n:", "file:", "/")):
            _refuse_jdbc(str(table.get("Parameters", {}).get("classification", "jdbc")))
            return first(context, **given)
        roots = self._roots(context, table, str(given.get("push_down_predicate") or ""), options)
        listed: list[Any] = []

        def listing() -> list[Any]:
            found = self._ours.table_files.rooted(table, roots, options.get("exclusions"))
            listed.extend(file for file, _ in found)
            return listed

        files = self._bookmarks.select(name, listing, self._ours.bookmarks.bounds(options))
        if not files:
            return None
        kept = {key: value for key, value in options.items() if key not in _SELECTION}
        own = json.loads(options.get("exclusions") or "[]")
        excluded = [*own, *all_but({file.path for file in files}, [file.path for file in listed])]
        return first(context, **{**given, "additional_options": {**kept, "exclusions": json.dumps(excluded)}})

    def _roots(self, context: Any, table: Any, predicate: str, options: Mapping[str, Any]) -> list[str]:
        catalog = self._ours.catalog
        if not catalog.keys(table):
            return [table["StorageDescriptor"]["Location"].rstrip("/")]
        found = catalog.partitions(table, expression=options.get("catalogPartitionPredicate", ""))
        chosen = catalog.selected(context.spark_session, table, found, predicate)
        return [one["StorageDescriptor"]["Location"].rstrip("/") for one in chosen]

    def _get_source(self, first: Any) -> Any:
        @functools.wraps(first)
        def get_source(
            context: Any, connection_type: str, format: Any = None, transformation_ctx: str = "", **options: Any
        ) -> Any:
            files = options.get("paths") or options.get("path") or connection_type in _JDBC
            if self._bookmarks is not None and not self._inside and transformation_ctx and files:
                raise NotImplementedError(
                    "getSource with a job bookmark is not emulated; create_dynamic_frame.from_options is"
                )
            return first(context, connection_type, format, transformation_ctx, **options)

        return get_source


def _without_context(bound: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
    return bound(*args, **kwargs)


def _named(signature: inspect.Signature, args: Any, kwargs: Any) -> dict[str, Any]:
    arguments = dict(signature.bind(*args, **kwargs).arguments)
    rest = arguments.pop("rest", {})
    return {**arguments, **rest}


def _refuse_jdbc(connection_type: str) -> None:
    if connection_type.lower() in _JDBC:
        raise NotImplementedError(
            f"a job bookmark for the connection type {connection_type!r} is not emulated; for files on S3 it is"
        )


def all_but(wanted: set[str], listed: list[str]) -> list[str]:
    """Return glob patterns for Glue's ``exclusions`` that leave of ``listed`` what is ``wanted``.

    A folder with nothing wanted below it takes one pattern, however many files it has.
    """
    needed = {parent for path in wanted for parent in _parents(path)}
    patterns: dict[str, None] = {}
    for path in listed:
        if path not in wanted:
            parent = path.rpartition("/")[0]
            patterns[_glob(path) if parent in needed else f"{_glob(parent)}/*"] = None
    return list(patterns)


def _parents(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _glob(path: str) -> str:
    # Whether Glue matches the bucket and the scheme too is not documented; ** covers both.
    key = path.split("://", 1)[-1].partition("/")[2]
    return "**/" + "".join(f"[{letter}]" if letter in "*?[{" else letter for letter in key)
