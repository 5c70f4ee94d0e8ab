"""Other outputs of the generator: XML files, the ground truth, and the configuration that the jobs load."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from glue_local.feed.event import Minute, instant
from glue_local.feed.miv import files
from glue_local.feed.miv.writer import minute_xml
from glue_local.feed.record import file_name
from glue_local.feed.simulation.ground_truth import Truth, TruthWriter
from glue_local.feed.simulation.network import Network


def writing_truth(simulated: Iterable[tuple[Minute, list[Truth]]], writer: TruthWriter | None) -> Iterator[Minute]:
    """Write the ground truth of each simulated minute, then yield the minute."""
    for minute, truths in simulated:
        if writer:
            writer.write(truths)
        yield minute


def writing_xml(minutes: Iterable[Minute], folder: Path | None) -> Iterator[Minute]:
    """Write each minute as the publisher's XML, named as ``record`` names it, then yield the minute."""
    for minute in minutes:
        if folder:
            files.write(folder / file_name(minute), minute_xml(minute))
        yield minute


def configuration_name(network: Network) -> str:
    """Return the file name of a network's configuration: its change date as published, without the offset."""
    return f"{files.CONFIGURATION}-{instant(network.changed):%Y%m%dT%H%M%S}.xml"


def put_configuration(network: Network, target: str, s3: Callable[[], Any]) -> str:
    """Write a network's configuration to ``target`` and return its location.

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
