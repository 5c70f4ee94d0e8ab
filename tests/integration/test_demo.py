"""`docker compose run --rm demo`: from feed to report in containers."""

import os
import re

import pytest

from tests.e2e.compose import ComposeStack
from tests.e2e.stack import ROOT


def test_the_demo_prints_jams_and_writes_a_report(stack: ComposeStack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.reset()
    monkeypatch.setenv("DEMO_MINUTES", "10")
    monkeypatch.setenv("POINTS", "200")
    monkeypatch.setenv("UID", str(os.getuid()))
    monkeypatch.setenv("GID", str(os.getgid()))
    report = ROOT / "reports" / "glue-local-report.html"
    report.unlink(missing_ok=True)
    done = stack.compose("--profile", "demo", "run", "--rm", "demo", seconds=400)
    assert re.search(r"CheckQuality +SUCCEEDED", done.stdout), done.stdout
    assert stack.table("sites"), "the printed jams are in the tables"
    assert "<svg" in report.read_text()
