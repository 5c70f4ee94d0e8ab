"""`docker compose run --rm demo`, as the README says it: from feed to report, in containers alone."""

import os
import re

import pytest

from tests.e2e.compose import ComposeStack
from tests.e2e.stack import ROOT


def test_the_demo_ends_with_jams_and_a_report(stack: ComposeStack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.reset()
    monkeypatch.setenv("DEMO_MINUTES", "10")
    monkeypatch.setenv("POINTS", "200")
    monkeypatch.setenv("UID", str(os.getuid()))
    monkeypatch.setenv("GID", str(os.getgid()))
    report = ROOT / "reports" / "glue-local-report.html"
    report.unlink(missing_ok=True)
    try:
        done = stack.compose("--profile", "demo", "run", "--rm", "demo", seconds=400)
        assert re.search(r"CheckQuality +SUCCEEDED", done.stdout), done.stdout
        assert stack.table("sites"), "what it prints is in the tables"
        assert "<svg" in report.read_text()
    finally:
        # The tests that follow count on a stack without events.
        stack.reset()
        stack.provision()
