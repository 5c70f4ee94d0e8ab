"""A run's merged arguments: ``sys.argv`` as AWS builds it, Spark settings, variables, paths."""

import shlex
from collections.abc import Mapping

# The service reads these; a script on AWS does not see them.
_NOT_FOR_SCRIPTS = (
    *("--conf", "--extra-jars", "--user-jars-first", "--job-language", "--class", "--scriptLocation"),
    "--glue-local-debug-port",  # not AWS's
)
METRICS, OBSERVABILITY = "--enable-metrics", "--enable-observability-metrics"
_LAST = ("--JOB_RUN_ID", "--job-bookmark-option")


def argument_vector(script: str, arguments: Mapping[str, str]) -> list[str]:
    """Return ``[script, "--JOB_NAME", …]``: a key without a value stands alone, the run's id and bookmark option last.

    The order of the others is not promised by AWS; here it is that of the definition.
    """
    merged = {"--job-bookmark-option": "job-bookmark-disable", **arguments}
    first = ("--JOB_NAME", "--JOB_ID")
    middle = [key for key in merged if key not in (*first, *_LAST, *_NOT_FOR_SCRIPTS)]
    vector = [script]
    for key in (*first, *middle, *_LAST):
        if key in merged:
            vector += [key] if merged[key] in ("", None) else [key, merged[key]]
    return vector


def spark_settings(arguments: Mapping[str, str]) -> dict[str, str]:
    """Return the Spark settings in the ``--conf`` argument.

    AWS's documented form for several is one argument: ``spark.a=1 --conf spark.b=2``. Raises ValueError for a part
    that is not ``key=value``.
    """
    parts = [part for part in shlex.split(arguments.get("--conf", "")) if part != "--conf"]
    wrong = [part for part in parts if "=" not in part]
    if wrong:
        raise ValueError(f"--conf takes key=value, not {wrong[0]!r}")
    return dict(part.split("=", 1) for part in parts)


def customer_variables(arguments: Mapping[str, str], key: str) -> dict[str, str]:
    """Return the environment variables in ``--customer-driver-env-vars`` or ``--customer-executor-env-vars``.

    ``CUSTOMER_A=1,CUSTOMER_B="2,3"``; AWS sets names that begin with ``CUSTOMER_`` and ignores others. Raises ValueError
    for a quote that is not closed. https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
    """
    words = shlex.shlex(arguments.get(key) or "", posix=True)
    words.whitespace, words.whitespace_split = ",", True
    words.quotes, words.escape, words.commenters = '"', "", ""
    try:
        parts = [word.strip().partition("=") for word in words]
    except ValueError:
        raise ValueError(f"{key} takes CUSTOMER_NAME=value,… and a quote in it is not closed") from None
    return {name: value for name, _, value in parts if name.startswith("CUSTOMER_")}


def is_on(arguments: Mapping[str, str], name: str) -> bool:
    """Return whether a feature is on: its argument has no value, or another one than false."""
    return name in arguments and str(arguments[name]).lower() != "false"


def paths(arguments: Mapping[str, str], key: str) -> list[str]:
    """Return the comma-separated S3 paths of an argument such as ``--extra-py-files``."""
    return [path.strip() for path in (arguments.get(key) or "").split(",") if path.strip()]
