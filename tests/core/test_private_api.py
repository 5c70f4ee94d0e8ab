"""The client of the private API, against a small server that the test controls."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from glue_local.core.private_api import PrivateApi, Refused, ServerUnreachable, quoted


class Answering(HTTPServer):
    """Answers every request with ``status`` and ``body``, and keeps the last one."""

    status, body = 200, b"{}"
    asked: Any = None


class Handler(BaseHTTPRequestHandler):
    server: Answering

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        self.server.asked = (self.command, self.path, self.headers["Authorization"], body)
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Answering]:
    with Answering(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def answered() -> list[int]:
    return []


@pytest.fixture
def api(server: Answering, answered: list[int]) -> PrivateApi:
    return PrivateApi(f"http://127.0.0.1:{server.server_port}", "secret", lambda: answered.append(1))


def test_calls_carry_the_token_and_json(server: Answering, api: PrivateApi, answered: list[int]) -> None:
    server.body = b'{"a": 1}'
    assert api.post("runs/claim", {"wait": 0}) == {"a": 1}
    assert server.asked == ("POST", "/_glue_local/runs/claim", "Bearer secret", {"wait": 0})
    assert api.get("streams", after="x y") == {"a": 1}
    assert server.asked == ("GET", "/_glue_local/streams?after=x+y", "Bearer secret", None)
    assert answered == [1, 1]


def test_no_proxy_sees_the_token(api: PrivateApi, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert api.get("health") == {}


def test_a_response_without_content_is_none(server: Answering, api: PrivateApi) -> None:
    server.status, server.body = 204, b""
    assert api.post("runs/claim", {}) is None


def test_an_error_has_its_status_and_message(server: Answering, api: PrivateApi, answered: list[int]) -> None:
    server.status, server.body = 409, b"not yours"
    with pytest.raises(Refused, match="^runs/a/heartbeat: 409 not yours$") as refusal:
        api.post("runs/a/heartbeat", {})
    assert refusal.value.status == 409
    assert answered == []


def test_a_server_that_is_missing_or_returns_no_json_is_unreachable(server: Answering, api: PrivateApi) -> None:
    server.body = b"<html>"
    with pytest.raises(ServerUnreachable, match="^health: "):
        api.get("health")
    with pytest.raises(ServerUnreachable, match="^health: "):
        PrivateApi("http://127.0.0.1:1").get("health")


def test_parts_of_a_path_are_percent_encoded() -> None:
    assert quoted("1", "a/b c") == "1/a%2Fb%20c"
