"""Python source text: literals, expressions and the beginning of every generated script."""

import ast
from collections.abc import Sequence
from typing import Any

from glue_local.core.faults import Invalid

IMPORTS = (
    "import sys",
    "from awsglue.transforms import *",
    "from awsglue.utils import getResolvedOptions",
    "from pyspark.context import SparkContext",
    "from awsglue.context import GlueContext",
    "from awsglue.job import Job",
)

CONTEXT = (
    "sc = SparkContext()",
    "glueContext = GlueContext(sc)",
    "spark = glueContext.spark_session",
    "job = Job(glueContext)",
    'job.init(args["JOB_NAME"], args)',
)

NAMES = frozenset(("sys", "args", "sc", "glueContext", "spark", "job"))
"""The names that the beginning of a script defines; those of nodes must differ."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def literal(value: Any) -> str:
    """Return the Python literal of a plain value; strings have double quotes, as in AWS's scripts."""
    if isinstance(value, str):
        return '"' + "".join(_ESCAPES.get(one, one if one.isprintable() else _escaped(one)) for one in value) + '"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)}: {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(literal, value)) + ")"
    return repr(value)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def check_expression(text: str, what: str) -> None:
    """Raise Invalid unless ``text`` can be the value of an argument in a call on one line."""
    invalid = f"{what} is not a Python expression on one line: {text[:200]}"
    if "\n" in text or "\r" in text:
        raise Invalid(invalid)
    called = getattr(parse(f"f(value = {text}, end = 0)", "eval", invalid), "body", None)
    if not isinstance(called, ast.Call) or [one.arg for one in called.keywords] != ["value", "end"]:
        raise Invalid(invalid)


def parse(source: str, mode: str, otherwise: str) -> ast.AST:
    """Parse Python source; raises Invalid with the message ``otherwise``."""
    try:
        tree: ast.AST = compile(source, "<script>", mode, ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Invalid(otherwise) from None
    return tree


def call(function: str, arguments: dict[str, str]) -> str:
    """Return a call whose arguments are already source text."""
    return f"{function}({', '.join(f'{name}={value}' for name, value in arguments.items())})"


def script(lines: Sequence[str]) -> str:
    """Join the lines of a script; raises Invalid if it cannot be written as UTF-8."""
    text = "\n".join(lines) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid("The script would contain characters that UTF-8 does not have (lone surrogates).") from None
    return text
