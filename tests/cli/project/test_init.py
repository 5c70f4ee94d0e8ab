import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from glue_local.cli import app
from glue_local.promote.definition.desired import desired, local_seeds


def init(*arguments: Any) -> Any:
    return CliRunner().invoke(app, ["init", *map(str, arguments)])


def test_a_project_is_valid_and_has_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "Web Shop"
    done = init(folder)
    assert done.exit_code == 0, done.output
    found = desired(folder / "glue-local.yaml", "us-east-1", "000000000000")
    assert {"web-shop-data", "web-shop-scripts", "daily_totals", "web_shop_daily"} <= {each.name for each in found}
    assert [seed.table for seed in local_seeds(folder / "glue-local.yaml", "us-east-1", "0")] == ["web_shop.orders"]
    texts = [file.read_text() for file in folder.rglob("*") if file.is_file()]
    assert not any(re.search("my.project", text) for text in texts)
    assert ".glue-local/" in (folder / ".gitignore").read_text()


def test_it_is_provisioned_with_its_sample_data(cli: Any, tmp_path: Path) -> None:
    init(tmp_path, "--name", "shop")
    done = cli("provision", "--file", tmp_path / "glue-local.yaml")
    assert done.exit_code == 0, done.output
    assert "11 created" in done.output
    assert "11 unchanged" in cli("provision", "--file", tmp_path / "glue-local.yaml").output
    rows = json.loads(cli("head", "shop.orders", "--json").output)
    assert rows[0] == {"id": 1, "day": "2026-03-02", "state": "paid", "amount": 20.5}
    assert len(rows) == 5


def test_wrong_uses_are_reported_with_the_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "'a' cannot be the name of a project, because buckets begin with it: pass --name" in init("a").stderr
    assert init("--name", "Shop").exit_code == 1
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "daily_totals.py").write_text("mine")
    refused = init("--name", "shop").stderr
    assert (
        refused == "glue-local: jobs/daily_totals.py already exists: choose another folder (`glue-local init FOLDER`)\n"
    )
    assert not (tmp_path / "glue-local.yaml").exists()
    (tmp_path / "file").touch()
    assert "cannot write to file/shop: Not a directory" in init("file/shop").stderr


@pytest.mark.long
def test_its_own_tests_pass(tmp_path: Path) -> None:
    init(tmp_path, "--name", "shop")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
