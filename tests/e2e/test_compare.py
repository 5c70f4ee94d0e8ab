"""``glue-local compare`` on a running server: both workflows, their rows and their figures."""

import re
from pathlib import Path

import pytest

from glue_local.compare.rows import TABLES
from tests.e2e.stack import Stack

# In containers LocalStack provides S3, so that requests are not counted; test_traffic_athena.py compares the rows there.
pytestmark = [pytest.mark.engine, pytest.mark.long, pytest.mark.embedded]


@pytest.mark.usefixtures("installed_engine")
def test_compare_measures_both_workflows_on_a_running_server(stack: Stack, tmp_path: Path) -> None:
    page = tmp_path / "compare.html"
    url = f"http://localhost:{stack.port}"
    traffic = ("--minutes", "3", "--points", "200", "--seed", "7")
    done = stack.cli("compare", *traffic, "--endpoint-url", url, "--report", "--report-file", str(page), seconds=900)
    for table in TABLES:
        assert re.search(rf"^{table}: [1-9][\d,]* rows equal$", done.stdout, re.MULTILINE), done.stdout
    figures = dict(re.findall(r"^(\w[\w\d ×(),-]*?)  +(\S.*\S)$", done.stdout, re.MULTILINE))
    assert re.fullmatch(r"[\d.]+ s +[\d.]+ s", figures["run time"])
    assert figures["job runs"].split() == ["4", "1"]
    assert figures["queries"].split() == ["0", "11"]
    assert figures["bytes scanned by queries"].startswith("0 B ")
    for name in ("S3 requests", "read from S3", "written to S3"):
        assert re.fullmatch(r"[1-9].* +[1-9].*", figures[name]), (name, figures[name])
    assert "Break-even" in done.stdout or "No break-even" in done.stdout
    assert "rows, equal in both databases" in page.read_text()
