"""Frames with the records of AWS's pages."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from tests.awsglue.examples.data import CONTACTS, MEDICARE, NAMES, person


@pytest.fixture
def read(glue_context: GlueContext, tmp_path: Path) -> Callable[..., DynamicFrame]:
    """Return a function that reads a file with these lines as a script would."""

    def read(*records: Any, format: str = "json", **options: Any) -> DynamicFrame:
        lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
        folder = tmp_path / f"read-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        (folder / "data").write_text("\n".join(lines) + "\n", "utf-8")
        made: DynamicFrame = glue_context.create_dynamic_frame.from_options(
            "s3", {"paths": [str(folder)]}, format, options
        )
        return made

    return read


@pytest.fixture
def persons(read: Any) -> Any:
    return read(*(person(place) for place in range(len(NAMES))))


@pytest.fixture
def organizations(read: Any) -> Any:
    return read(
        {
            "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
            "other_names": [{"lang": "en", "note": "multilingual", "name": "House"}],
            **{"id": "o1", "classification": "legislature", "name": "House of Representatives"},
            "links": [{"note": "website", "url": "http://h"}],
            **{"image": "http://o", "seats": 435, "type": "lower house"},
        }
    )


@pytest.fixture
def medicare(read: Any) -> Any:
    return read(MEDICARE.strip(), format="csv", withHeader=True)


@pytest.fixture
def contacts(glue_context: GlueContext) -> DynamicFrame:
    schema = "id long, index int, `contact_details.val.type` string, `contact_details.val.value` string"
    return DynamicFrame.fromDF(glue_context.spark_session.createDataFrame(CONTACTS, schema), glue_context, "contacts")


@pytest.fixture
def provider_ids(glue_context: GlueContext) -> DynamicFrame:
    """A column with numbers and one word."""
    session = glue_context.spark_session
    longs = DynamicFrame.fromDF(session.createDataFrame([(10001,), (10005,)], "`provider id` long"), glue_context)
    return longs.union(DynamicFrame.fromDF(session.createDataFrame([("word",)], "`provider id` string"), glue_context))
