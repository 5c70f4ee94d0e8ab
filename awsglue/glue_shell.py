"""What a Glue shell starts with: ``python -i -m awsglue.glue_shell`` has sc, spark and glueContext."""

from typing import Any

from .context import GlueContext


def names() -> dict[str, Any]:
    """Return a shell's names, on the session that there is or a new one."""
    glue_context = GlueContext()
    session = glue_context.spark_session
    return {"sc": session.sparkContext, "spark": session, "glueContext": glue_context}


if __name__ == "__main__":
    globals().update(names())
