"""Where generated minutes go besides the stream: XML files, the truth, and the configuration for the jobs to load."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from glue_local.feed import files
from glue_local.feed.event import Minute, instant
from glue_local.feed.network import Network
from glue_local.feed.publication import minute_xml
from glue_local.feed.record import file_name
from glue_local.feed.truth import Truth, TruthWriter


def telling(simulated: Iterable[tuple[Minute, list[Truth]]], writer: TruthWriter | None) -> Iterator[Minute]:
    """Yield the minutes of a simulation, having written the truth about each."""
    for minute, truths in simulated:
        if writer:
            writer.write(truths)
        yield minute


def saving(minutes: Iterable[Minute], folder: Path | None) -> Iterator[Minute]:
    """Yield minutes, having written each as the publisher would, named as ``record`` names them."""
    for minute in minutes:
        if folder:
            files.write(folder / file_name(minute), minute_xml(minute))
        yield minute


def configuration_name(network: Network) -> str:
    """Return the file name of a network's configuration, by its change date as written, offset left out."""
    return f"{files.CONFIGURATION}-{instant(network.changed):%Y%m%dT%H%M%S}.xml"


def put_configuration(network: Network, target: str, s3: Callable[[], Any]) -> str:
    """Write a network's configuration to ``target`` and return where it is.

    ``target`` is ``s3://bucket/prefix/``, a folder, or a file or object name ending in .xml.
    """
    document = network.configuration()
    if not target.startswith("s3://"):
        path = Path(target)
        path = path if path.suffix == ".xml" else path / configuration_name(network)
        files.write(path, document)
        return str(path)
    bucket, _, key = target.removeprefix("s3://").partition("/")
    if not key.endswith(".xml"):
        key = "/".join(part for part in (key.rstrip("/"), configuration_name(network)) if part)
    s3().put_object(Bucket=bucket, Key=key, Body=document, ContentType="application/xml")
    return f"s3://{bucket}/{key}"
