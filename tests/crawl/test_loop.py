"""The crawl loop: what interrupts a crawl."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from glue_local.client.clients import local
from glue_local.crawl.loop import CrawlLoop
from glue_local.server import Server
from glue_local.settings import Settings


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server without loops of its own, with a crawler that was started."""
    monkeypatch.setattr("glue_local.server._CRAWL_LOOPS", 0)
    with Server(Settings(port=0, data_dir=tmp_path, children=())) as started:
        clients(started)("s3", "000000000000", "us-east-1").create_bucket(Bucket="lake")
        glue = clients(started)("glue", "000000000000", "us-east-1")
        targets = {"S3Targets": [{"Path": "s3://lake/data/"}]}
        glue.create_crawler(Name="c", Role="r", DatabaseName="db", Targets=targets)
        glue.start_crawler(Name="c")
        yield started


def clients(server: Server, first: Callable[[], None] = lambda: None) -> Callable[[str, str, str], Any]:
    """Return a maker of clients that calls ``first`` before it makes one."""

    def make(service: str, account: str, region: str) -> Any:
        first()
        return local(service, account=account, region=region, endpoint_url=server.endpoint)

    return make


def crawler(server: Server) -> Any:
    return clients(server)("glue", "000000000000", "us-east-1").get_crawler(Name="c")["Crawler"]


def test_a_reset_during_a_crawl_ends_it(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    CrawlLoop(server.private, clients(server, server.store.reset), "embedded-test").advance(0.0)
    assert server.store.everywhere("crawl") == []
    assert "Traceback" not in capfd.readouterr().err


def test_a_crawl_is_left_to_the_next_server_when_this_one_closes(server: Server) -> None:
    made: list[CrawlLoop] = []
    made.append(CrawlLoop(server.private, clients(server, lambda: made[0].close()), "embedded-test"))
    made[0].advance(0.0)
    assert crawler(server)["State"] == "RUNNING"
    assert server.store.in_state("claim", "held") != []


def test_nothing_is_claimed_after_closing(server: Server) -> None:
    loop = CrawlLoop(server.private, clients(server), "embedded-test")
    loop.close()
    loop.advance(0.0)
    assert server.store.in_state("claim", "held") == []
