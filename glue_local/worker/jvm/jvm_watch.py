"""Detect scripts that use the JVM directly: their changes cannot be seen, so that JVM is not reused."""

import re
import sys
from collections.abc import Callable
from typing import Any

_BRIDGE = "py4j"
_KNOWN = ("pyspark", "awsglue", "glue_local")
_FORGET = "m\n"  # py4j's garbage collection, which may run anywhere
# Calls of PySpark that leave state in the JVM outside its Spark context.
_LASTING_CALL = re.compile(r"^c\n[^\n]*\n(add(?:Jar|File|Archive)|writeStream|registerJava\w*|shutdown)\n")
# In py4j's protocol a string starts with s, and a line feed is written as \\n.
_LASTING_SQL = re.compile(
    r"(?:\b|(?<=\ns))(?:add\s+(?:jar|file|archive)s?\b|(?:try_)?(?:reflect|java_method)\s*\(|create\b[^\n]*\bfunction\b)",
    re.IGNORECASE,
)


def watch_jvm(client: Any, tell: Callable[[str], None]) -> None:
    """Report every command of ``client`` to the JVM that may leave state, before it is sent."""
    send = client.send_command

    def send_command(command: str, *arguments: Any, **options: Any) -> Any:
        reason = _reason(command)
        if reason:
            tell(reason)
        return send(command, *arguments, **options)

    client.send_command = send_command


def _reason(command: str) -> str | None:
    if command.startswith(_FORGET):
        return None
    caller = _caller()
    if caller.partition(".")[0] not in _KNOWN and not caller.startswith("glue_local_awsglue"):
        return f"{caller} used the JVM itself"
    call = _LASTING_CALL.match(command)
    if call:
        return f"the run called {call[1]}"
    statement = _LASTING_SQL.search(command.replace("\\n", " "))
    return f"the run executed {statement[0]}" if statement else None


def _caller() -> str:
    """Return the name of the module that made this call, skipping py4j's and Python's modules."""
    frame = sys._getframe(2)
    while frame.f_back is not None:
        name = str(frame.f_globals.get("__name__", ""))
        root = name.partition(".")[0]
        # For example, collections.abc reads the items of a Java map.
        if root != _BRIDGE and root not in sys.stdlib_module_names and name != __name__:
            return name
        frame = frame.f_back
    return "a thread"
