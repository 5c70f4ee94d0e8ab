"""An interactive shell with sc, spark and glueContext: ``python -i -m awsglue.glue_shell``."""

from typing import Any

from .context import GlueContext


def names() -> dict[str, Any]:
    """Return the shell's variables, on the active session or a new one."""
    glue_context = GlueContext()
    session = glue_context.spark_session
    return {"sc": session.sparkContext, "spark": session, "glueContext": glue_context}


if __name__ == "__main__":
    globals().update(names())
