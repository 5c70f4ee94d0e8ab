"""``glue-local version``: show the versions of glue-local and its main dependencies."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

import typer

from glue_local.prerequisites import Unmet, java, python
from glue_local.settings import machine

app = typer.Typer(add_completion=False)


@app.command()
def version() -> None:
    """Show the versions of glue-local and its main dependencies."""
    parts = [f"Python {python.check()}", *map(_describe, ("pyspark", "moto", "boto3"))]
    try:
        parts.append(f"Java {java.find(machine().java_home).major}")
    except Unmet:
        parts.append("no Java")
    print(f"glue-local {version_of('glue-local')} ({', '.join(parts)})")


def _describe(package: str) -> str:
    try:
        return f"{package} {version_of(package)}"
    except PackageNotFoundError:  # The server's image has neither Spark nor moto.
        return f"no {package}"
