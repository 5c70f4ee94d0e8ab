"""An external engine: GLUE_LOCAL_TRINO."""

from pathlib import Path
from typing import Any

import pytest

from glue_local.query.engine.catalogs import Place
from glue_local.query.engine.engine import Engine, EngineSettings
from glue_local.query.failure import QueryFailed

HERE = Place("http://127.0.0.1:4566", "000000000000", "us-east-1")
READY = (200, {"starting": False})
NODE, OTHER_NODE = ((200, {"nodeId": name}) for name in ("a", "b"))
CATALOGS = (200, {"id": "q", "columns": [{"name": "Catalog", "type": "varchar"}], "data": [["awsdatacatalog"]]})


def engine(url: str, patience: float = 60.0) -> Engine:
    return Engine(EngineSettings(Path("nowhere"), Path("nowhere"), 512, HERE, url, patience), lambda line: None)


def test_an_existing_catalog_is_used(trino: Any) -> None:
    url, requests = trino([READY, NODE, CATALOGS, READY, NODE])
    external = engine(url)
    assert external.catalog("000000000000", "us-east-1") == "awsdatacatalog"
    assert external.catalog("000000000000", "us-east-1") == "awsdatacatalog"
    assert [path for _, path in requests] == ["/v1/info", "/v1/status", "/v1/statement", "/v1/info", "/v1/status"]
    external.close()


def test_missing_catalogs_are_created(trino: Any) -> None:
    created = [(200, {"id": "q"})] * 3
    url, requests = trino([READY, NODE, *created, READY, NODE, READY, OTHER_NODE, *created])
    external = engine(url)
    for statements in (3, 3, 6):  # the third time by another container
        assert external.catalog("111122223333", "eu-west-1") == "awsdatacatalog_111122223333_eu_west_1"
        assert len([path for _, path in requests if path == "/v1/statement"]) == statements


@pytest.mark.parametrize(("url", "patience"), [("http://127.0.0.1:1", 0.5), ("http://trino.invalid:8080", 60.0)])
def test_an_unreachable_engine_fails_the_query_with_one_line(url: str, patience: float) -> None:
    with pytest.raises(QueryFailed, match=f"Trino does not respond at {url}: start it, or unset GLUE_LOCAL_TRINO"):
        engine(url, patience).url()


def test_a_query_waits_for_a_starting_engine(trino: Any) -> None:
    url, requests = trino([(200, {"starting": True}), (503, "busy"), READY])
    assert engine(url).url() == url
    assert len(requests) == 3
