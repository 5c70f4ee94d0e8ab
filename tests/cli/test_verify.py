"""``glue-local verify`` before it creates anything: its estimate, confirmation and errors."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import app
from glue_local.promote.definition.desired import Resource
from glue_local.promote.kinds import Account
from glue_local.verify.copies import copies
from glue_local.verify.definition import Verification
from glue_local.verify.rows import save
from tests.promote.conftest import account_url, profile, there
from tests.verify.conftest import FILE, asked, promoted, resources

__all__ = ["account_url", "asked", "profile", "promoted", "resources", "there"]


@pytest.fixture
def verify(tmp_path: Path, profile: str) -> Callable[..., Result]:
    """Verify the example in the account, as the stage test."""
    for name in ("jobs", "policies", "queries", "stepfunctions"):
        (tmp_path / name).symlink_to(FILE.parent / name)
    stage = f'stages:\n  test: {{account: "123456789012", region: eu-west-1, profile: {profile}}}\n'
    text = FILE.read_text()
    (tmp_path / "glue-local.yaml").write_text(
        text.replace("stages:  ", f"{stage}#", 1).replace("  prod:\n", "  prod:\n")
    )

    def invoke(*arguments: str) -> Result:
        where = ["--file", str(tmp_path / "glue-local.yaml")]
        return CliRunner().invoke(app, ["verify", *arguments, *where], env={"COLUMNS": "200"})

    return invoke


def test_the_estimate_is_shown_first_and_needs_a_confirmation(
    verify: Callable[..., Result], promoted: Account, resources: list[Resource]
) -> None:
    done = verify("test", "--minutes", "2", "--points", "100")
    assert done.exit_code == 1
    assert "at list prices of us-east-1, 2026-10-07" in done.output
    assert "Run times and requests are assumed" in done.output
    assert "Prices in eu-west-1 may differ" in done.output
    assert "repartition: 2 x G.1X for 3 min" in done.output
    assert "200 PUT units" in done.output
    assert "cannot ask for confirmation without a terminal: pass --yes" in done.output
    assert promoted.clients("kinesis").list_streams()["StreamNames"] == ["traffic-events"]


def test_a_stage_that_was_never_promoted_is_refused_before_anything_runs(
    verify: Callable[..., Result], there: Account
) -> None:
    done = verify("test", "--yes")
    assert done.exit_code == 1
    assert "has no state machine traffic_glue: promote it first" in done.output


def test_kept_resources_are_compared_again_with_an_exit_code(
    verify: Callable[..., Result],
    promoted: Account,
    asked: Verification,
    resources: list[Resource],
    tmp_path: Path,
) -> None:
    rows = tmp_path / "rows.json"
    for unique, sites, code, message in (
        ("ab12", [], 0, "test equals the local result, row for row: 0 events, 0 quarantine, 0 rejected, 0 sites"),
        ("cd34", [{"ident_8": "A0140001", "lanes": 2}], 1, "  - ident_8=A0140001, lanes=2\n"),
    ):
        with copies(promoted, asked, resources, unique, keep=True):
            pass
        rows.write_text(save({name: [] for name in asked.tables} | {"sites": sites}))
        done = verify("test", "--left", unique, "--expected", str(rows))
        assert (done.exit_code, message in done.output) == (code, True), done.output
        assert promoted.clients("kinesis").list_streams()["StreamNames"] == ["traffic-events"]
    assert "test differs from the local result in sites (local: " in done.output


def test_a_file_not_written_by_save_is_refused(
    verify: Callable[..., Result], promoted: Account, tmp_path: Path
) -> None:
    (tmp_path / "rows.json").write_text("[]")
    done = verify("test", "--yes", "--expected", str(tmp_path / "rows.json"))
    assert done.exit_code == 1
    assert "was not written by `glue-local verify --save`" in done.output
    assert promoted.clients("kinesis").list_streams()["StreamNames"] == ["traffic-events"]


def test_the_profile_option_overrides_the_stages_profile(verify: Callable[..., Result], promoted: Account) -> None:
    result = verify("test", "--yes", "--profile", "nobody")
    assert result.exit_code == 1
    assert "The config profile (nobody) could not be found" in result.output


def test_an_upstream_setting_is_refused(
    verify: Callable[..., Result], promoted: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUE_LOCAL_UPSTREAM", "http://127.0.0.1:1")
    result = verify("test", "--yes")
    assert result.exit_code == 1
    assert (
        "GLUE_LOCAL_UPSTREAM is set: the local result would be computed in http://127.0.0.1:1; unset it"
        in result.output
    )
