"""A fake Trino server."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Answers = list[tuple[int, Any]]


@pytest.fixture
def trino() -> Iterator[Callable[[Answers], tuple[str, list[tuple[str, str]]]]]:
    """Start a server that returns the answers in order; ``NEXT`` in them is replaced by its address. Returns its URL and the requests."""
    servers = []

    def start(answers: Answers) -> tuple[str, list[tuple[str, str]]]:
        requests: list[tuple[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                requests.append((self.command, self.path))
                status, body = answers.pop(0) if answers else (204, "")
                content = json.dumps(body).replace("NEXT", url).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_DELETE = answer

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return url, requests

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
