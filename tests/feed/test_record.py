import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from glue_local.feed.record import Recorded, Unreachable, record, record_once


class Feed(ThreadingHTTPServer):
    """A feed on loopback that responds with ``status`` and ``body``; ``claimed`` overrides its Content-Length."""

    status, body, claimed = 200, b"", 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/miv/verkeersdata"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Feed)
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(self.server.claimed or len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[Feed]:
    with Feed(("127.0.0.1", 0), Answer) as feed:
        thread = Thread(target=feed.serve_forever)
        thread.start()
        yield feed
        feed.shutdown()
        thread.join()


@pytest.fixture
def feed(server: Feed) -> Feed:
    server.status, server.claimed = 200, 0
    server.body = b'<miv schemaVersion="1.0.0"><tijd_publicatie>2017-04-27T14:39:54.399+01:00</tijd_publicatie></miv>'
    return server


def test_the_real_minute_is_saved_compressed_and_named_by_publication_time(
    feed: Feed, miv_samples: Path, tmp_path: Path
) -> None:
    feed.body = gzip.decompress((miv_samples / "verkeersdata.xml.gz").read_bytes())
    recorded = record_once(feed.url, tmp_path / "minutes")
    assert recorded == Recorded(tmp_path / "minutes" / "verkeersdata-20170427T133954Z.xml.gz", 4254, new=True)
    assert gzip.decompress(recorded.file.read_bytes()) == feed.body
    assert [path.name for path in recorded.file.parent.iterdir()] == [recorded.file.name]


def test_a_minute_is_saved_once_and_the_next_beside_it(feed: Feed, tmp_path: Path) -> None:
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            feed.body = feed.body.replace(b"14:39", b"14:40")

    seen = list(record(feed.url, tmp_path, 60, wait, polls=3))
    assert [isinstance(one, Recorded) and one.new for one in seen] == [True, False, True]
    assert pauses == [60, 60]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "verkeersdata-20170427T133954Z.xml.gz",
        "verkeersdata-20170427T134054Z.xml.gz",
    ]


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (503, b"busy", "HTTP 503 Service Unavailable"),
        (200, b"<html><body/></html>", "the response is <html>, not a published minute"),
        (200, b"<miv><tijd_publicatie>", "not a complete XML document"),
        (200, b"<miv></miv>", "tijd_publicatie: ''"),
        (200, b"", "not a complete XML document"),
    ],
)
def test_a_response_that_is_not_a_minute_is_reported_and_not_saved(
    feed: Feed, tmp_path: Path, status: int, body: bytes, message: str
) -> None:
    feed.status, feed.body = status, body
    (seen,) = record(feed.url, tmp_path, 60, lambda seconds: None, polls=1)
    assert isinstance(seen, Unreachable)
    assert str(seen).startswith(feed.url)
    assert message in str(seen)
    assert list(tmp_path.iterdir()) == []


def test_an_incomplete_response_is_not_saved(feed: Feed, tmp_path: Path) -> None:
    feed.claimed = len(feed.body) + 100
    with pytest.raises(Unreachable, match="IncompleteRead"):
        record_once(feed.url, tmp_path)


def test_a_failed_poll_does_not_stop_the_recording(feed: Feed, tmp_path: Path) -> None:
    feed.status = 500

    def wait(seconds: float) -> None:
        feed.status = 200

    seen = list(record(feed.url, tmp_path, 1, wait, polls=2))
    assert [type(one) for one in seen] == [Unreachable, Recorded]


@pytest.mark.parametrize(
    ("url", "message"),
    [("http://127.0.0.1:9/miv", "refused"), ("ftp://x/y", "not an http"), ("file:///x", "not an http")],
)
def test_an_unreachable_url_raises_unreachable(url: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=message):
        record_once(url, tmp_path)
