"""getResolvedOptions and the other public helpers of ``awsglue.utils``."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType
from typing import Any, NoReturn

BOOKMARK_CHOICES = ("job-bookmark-enable", "job-bookmark-pause", "job-bookmark-disable")
_CONTINUATION = {
    "continuation-enabled": "job-bookmark-enable",
    "continuation-readonly": "job-bookmark-pause",
    "continuation-ignore": "job-bookmark-disable",
}
# Glue compares some with the leading dashes, so that a plain JOB_ID ends in argparse's conflict error instead.
_RESERVED = (
    "job-bookmark-option",
    "continuation-option",
    "--job-bookmark-from",
    "--job-bookmark-to",
    "--JOB_ID",
    "--JOB_RUN_ID",
    "--SECURITY_CONFIGURATION",
    "--encryption-type",
    "--enable-data-lineage",
)
_RANGE = ("job-bookmark-from", "job-bookmark-to")
_ALWAYS = (*_RANGE, "JOB_ID", "JOB_RUN_ID", "SECURITY_CONFIGURATION", "enable-data-lineage")
_TEMP = ("TempDir", "RedshiftTempDir")


class GlueArgumentError(Exception):
    """A required argument is missing, or an argument is malformed; the message is argparse's."""


class GlueArgumentParser(argparse.ArgumentParser):
    """An argparse parser that raises instead of exiting."""

    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def getResolvedOptions(args: Sequence[str], options: Sequence[str], allow_abbrev: bool | None = None) -> dict[str, Any]:
    """Return the values of ``options`` in ``args`` (sys.argv, where the first is the script); all are required.

    The result also has Glue's own arguments, such as job_bookmark_option and TempDir, None if not given. Dashes in
    names become underscores. ``allow_abbrev`` allows prefixes of names; the default depends on the job's GlueVersion:
    True up to 5.1, False from 6.0. Raises GlueArgumentError if an option is missing, RuntimeError if a name is reserved
    or a bookmark range is incomplete.
    See https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-get-resolved-options.html
    """
    reserved = [name for name in options if name in _RESERVED]
    if reserved:
        raise RuntimeError(f"Using reserved arguments {reserved}")
    parser = _parser([name for name in options if name not in _TEMP], _abbreviates(allow_abbrev))
    parsed, _ = parser.parse_known_args(list(args[1:]))
    resolved = vars(parsed)
    continuation = resolved.pop("continuation_option")
    if continuation:
        resolved["job_bookmark_option"] = _CONTINUATION[continuation]
    _check_range(resolved)
    temp = resolved["TempDir"] or resolved["RedshiftTempDir"]
    resolved |= {name: resolved[name] or temp for name in _TEMP}
    return resolved


def _abbreviates(given: bool | None) -> bool:
    if given is not None:
        return given
    major = os.environ.get("GLUE_LOCAL_GLUE_VERSION", "").partition(".")[0]
    return not major.isdigit() or int(major) < 6


def _parser(required: Sequence[str], allow_abbrev: bool) -> GlueArgumentParser:
    parser = GlueArgumentParser(allow_abbrev=allow_abbrev)
    parser.add_argument("--job-bookmark-option", choices=BOOKMARK_CHOICES, default="job-bookmark-disable")
    parser.add_argument("--continuation-option", choices=tuple(_CONTINUATION))
    parser.add_argument("--encryption-type", choices=("sse-s3",))
    for name in (*_ALWAYS, *_TEMP):
        parser.add_argument(f"--{name}")
    for name in required:
        parser.add_argument(f"--{name}", required=True)
    return parser


def _check_range(resolved: dict[str, Any]) -> None:
    given = [name for name in _RANGE if resolved[name.replace("-", "_")] is not None]
    paused = resolved["job_bookmark_option"] == "job-bookmark-pause"
    if paused and len(given) == 1:
        missing = [name for name in _RANGE if name not in given]
        raise RuntimeError(f"Missing option or value for {missing[0]}")
    if given and not paused:
        raise RuntimeError(f"Invalid option(s) {given}: they need --job-bookmark-option job-bookmark-pause")


class _GlobalArgs(Mapping[str, Any]):
    """Glue's own options in this process's arguments, parsed on access."""

    def __getitem__(self, name: str) -> Any:
        return getResolvedOptions(sys.argv, [])[name]

    def __iter__(self) -> Iterator[str]:
        return iter(getResolvedOptions(sys.argv, []))

    def __len__(self) -> int:
        return len(getResolvedOptions(sys.argv, []))


_global_args = _GlobalArgs()


def makeOptions(sc: Any, py_obj: Any) -> dict[str, Any]:
    """Return options, a dict or a JSON object as a string, as a dict; on AWS the result is a JVM object.

    Raises TypeError for other types, ValueError if the string is not a JSON object.
    """
    if isinstance(py_obj, Mapping):
        return dict(py_obj)
    if not isinstance(py_obj, str):
        raise TypeError(f"options must be a dict or a JSON object as a string, got {type(py_obj)}")
    try:
        options = json.loads(py_obj)
    except ValueError as broken:
        raise ValueError(f"options is not a JSON object: {py_obj!r}") from broken
    if not isinstance(options, dict):
        raise ValueError(f"options is not a JSON object: {py_obj!r}")
    return options


def callsite() -> str:
    """Return the current line of the script, formatted as in a traceback; frames of this package are skipped."""
    frame: FrameType | None = sys._getframe(1)
    while frame and str(frame.f_globals.get("__name__", "")).split(".")[0] == __name__.split(".")[0]:
        frame = frame.f_back
    return f'  File "{frame.f_code.co_filename}", line {frame.f_lineno}, in {frame.f_code.co_name}\n' if frame else ""


def iteritems(d: Mapping[Any, Any], **kw: Any) -> Iterator[tuple[Any, Any]]:
    """Return an iterator over a dict's items, for scripts written for Python 2."""
    return iter(d.items(**kw))


def iterkeys(d: Mapping[Any, Any], **kw: Any) -> Iterator[Any]:
    """Return an iterator over a dict's keys."""
    return iter(d.keys(**kw))


def itervalues(d: Mapping[Any, Any], **kw: Any) -> Iterator[Any]:
    """Return an iterator over a dict's values."""
    return iter(d.values(**kw))
