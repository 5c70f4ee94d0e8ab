"""``glue-local verify`` up to the point where something would be made: what it shows, asks and refuses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import app
from glue_local.promote.desired import Resource
from glue_local.promote.kinds import Account
from glue_local.verify.copies import copies
from glue_local.verify.definition import Verification
from glue_local.verify.rows import save
from tests.promote.conftest import account_url, profile, there
from tests.verify.conftest import FILE, asked, promoted, resources

__all__ = ["account_url", "asked", "profile", "promoted", "resources", "there"]


@pytest.fixture
def verify(tmp_path: Path, profile: str) -> Callable[..., Result]:
    """Verify the example in the account, whose stage is called test."""
    for name in ("jobs", "policies", "stepfunctions"):
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


def test_the_estimate_comes_first_and_nobody_is_charged_unasked(
    verify: Callable[..., Result], promoted: Account, resources: list[Resource]
) -> None:
    done = verify("test", "--minutes", "2", "--points", "100")
    assert done.exit_code == 1
    assert "list prices of us-east-1, 2026-10-07" in done.output
    assert "An estimate: run times and requests are assumed" in done.output
    assert "eu-west-1 may differ" in done.output
    assert "repartition: 2 x G.1X for 3 min" in done.output
    assert "200 PUT units" in done.output
    assert "nobody is there to be asked: say --yes" in done.output
    assert promoted.clients("kinesis").list_streams()["StreamNames"] == ["traffic-events"]


def test_a_stage_that_was_never_promoted_is_refused_before_anything_runs(
    verify: Callable[..., Result], there: Account
) -> None:
    done = verify("test", "--yes")
    assert done.exit_code == 1
    assert "has no state machine traffic_glue: promote it first" in done.output


def test_what_was_left_is_compared_again_and_the_exit_code_tells(
    verify: Callable[..., Result],
    promoted: Account,
    asked: Verification,
    resources: list[Resource],
    tmp_path: Path,
) -> None:
    rows = tmp_path / "rows.json"
    for unique, sites, code, said in (
        ("ab12", [], 0, "test equals the local result, row for row: 0 events, 0 quarantine, 0 rejected, 0 sites"),
        ("cd34", [{"ident_8": "A0140001", "lanes": 2}], 1, "  - ident_8=A0140001, lanes=2\n"),
    ):
        with copies(promoted, asked, resources, unique, keep=True):
            pass
        rows.write_text(save({name: [] for name in asked.tables} | {"sites": sites}))
        done = verify("test", "--left", unique, "--expected", str(rows))
        assert (done.exit_code, said in done.output) == (code, True), done.output
        assert promoted.clients("kinesis").list_streams()["StreamNames"] == ["traffic-events"]
    assert "test differs from the local result in sites (locally " in done.output


def test_rows_that_nobody_saved_are_refused(verify: Callable[..., Result], promoted: Account, tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text("[]")
    done = verify("test", "--yes", "--expected", str(tmp_path / "rows.json"))
    assert done.exit_code == 1
    assert "holds no rows that `glue-local verify --save` kept" in done.output
    assert promoted.clients("kinesis").list_streams()["StreamNames"] == ["traffic-events"]


def test_a_profile_that_is_asked_for_comes_before_the_stages(verify: Callable[..., Result], promoted: Account) -> None:
    said = verify("test", "--yes", "--profile", "nobody")
    assert said.exit_code == 1
    assert "The config profile (nobody) could not be found" in said.output


def test_the_local_result_is_not_made_in_somebody_elses_endpoint(
    verify: Callable[..., Result], promoted: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUE_LOCAL_UPSTREAM", "http://127.0.0.1:1")
    said = verify("test", "--yes")
    assert said.exit_code == 1
    assert "GLUE_LOCAL_UPSTREAM is http://127.0.0.1:1, which the local result would be made in: unset it" in said.output
