"""``glue-local version``: its version and those of what it stands on."""

from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of

import typer

from glue_local.prerequisites import Unmet, java, python
from glue_local.settings import machine

app = typer.Typer()


@app.command()
def version() -> None:
    """Tell the versions of glue-local and what it stands on."""
    parts = [f"Python {python.check()}", *map(_told, ("pyspark", "moto", "boto3"))]
    try:
        parts.append(f"Java {java.find(machine().java_home).major}")
    except Unmet:
        parts.append("no Java")
    print(f"glue-local {version_of('glue-local')} ({', '.join(parts)})")


def _told(package: str) -> str:
    try:
        return f"{package} {version_of(package)}"
    except PackageNotFoundError:  # Our image has neither Spark nor moto.
        return f"no {package}"
