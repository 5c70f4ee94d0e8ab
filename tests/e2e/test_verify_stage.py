"""``glue-local verify STAGE`` on a promoted stage without a running local server.

The account is a glue-local behind a proxy that hides the differences from AWS.
"""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest

from tests.e2e.stack import ROOT, Stack, free_port, wait_until

# The account is an embedded glue-local, and so is the temporary server.
pytestmark = [pytest.mark.long, pytest.mark.embedded]

ACCOUNT = "123456789012"
_HOP_BY_HOP = ("connection", "transfer-encoding", "content-length", "expect")


class Hiding(BaseHTTPRequestHandler):
    """Forwards all requests except those that detect a glue-local server."""

    protocol_version = "HTTP/1.1"
    port: int

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/_glue_local"):
            self._answer(404, [], b"")
            return
        upstream = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "expect")}
        upstream.request(self.command, self.path, body, kept)
        answer = upstream.getresponse()
        self._answer(answer.status, answer.getheaders(), answer.read(), answer.getheader("Content-Length"))
        upstream.close()

    do_PUT = do_POST = do_HEAD = do_DELETE = do_GET

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes, length: str | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        # A HEAD response has a Content-Length without a body.
        self.send_header("Content-Length", length if self.command == "HEAD" and length else str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Log nothing."""


@pytest.fixture
def account(stack: Stack) -> Iterator[str]:
    """The endpoint of the account."""
    handler = type("Handler", (Hiding,), {"port": stack.port})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def project(tmp_path: Path, account: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example with a stage in the account, and other credentials in environment variables, as in CI."""
    for name in ("jobs", "policies", "queries", "stepfunctions"):
        (tmp_path / name).symlink_to(ROOT / name)
    text = (ROOT / "glue-local.yaml").read_text()
    text = text.replace('"111122223333"', f'"{ACCOUNT}"')
    (tmp_path / "glue-local.yaml").write_text(text)
    (tmp_path / "aws").write_text(f"[profile there]\nendpoint_url = {account}\n")
    (tmp_path / "keys").write_text(f"[there]\naws_access_key_id = {ACCOUNT}\naws_secret_access_key = x\n")
    given = {"ACCESS_KEY_ID": "ASIAOTHER", "SECRET_ACCESS_KEY": "x", "SESSION_TOKEN": "x", "REGION": "eu-west-1"}
    given |= {"CONFIG_FILE": str(tmp_path / "aws"), "SHARED_CREDENTIALS_FILE": str(tmp_path / "keys")}
    for name, value in given.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "glue-local.yaml"


def run(project: Path, command: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    where = ("--file", str(project), "--profile", "there", "--yes")
    # No local server is running.
    return subprocess.run(
        [sys.executable, "-m", "glue_local.cli", command, "prod", *where, *arguments],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
        env={**os.environ, "GLUE_LOCAL_PORT": str(free_port())},
    )


def test_a_promoted_stage_equals_the_local_result_of_a_temporary_server(project: Path, account: str) -> None:
    promoted = run(project, "promote", "--untested")
    assert promoted.returncode == 0, promoted.stdout + promoted.stderr
    done = run(project, "verify", "--minutes", "2", "--points", "40")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Local result, on a temporary server" in done.stdout
    assert f"Result of prod (account {ACCOUNT}, eu-west-1)" in done.stdout
    counts = re.search(
        r"prod equals the local result, row for row: (\d+) events, (\d+) quarantine, (\d+) rejected", done.stdout
    )
    assert counts
    assert sum(map(int, counts.groups())) == 80
    there = boto3.session.Session(profile_name="there", region_name="eu-west-1").client
    wait_until(lambda: there("kinesis").list_streams()["StreamNames"] == ["traffic-events"], 30, "the copy to be gone")
    assert [each["Name"] for each in there("glue").get_databases()["DatabaseList"]] == ["traffic"]
    assert there("s3").list_objects_v2(Bucket="example-traffic-curated", Prefix="verify/").get("Contents", []) == []
