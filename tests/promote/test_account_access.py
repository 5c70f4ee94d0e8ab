"""One file for a developer with a profile and for CI without: what is asked for, then the stage's, then what is found."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from glue_local.cli import app
from glue_local.promote.kinds import Account
from tests.promote.conftest import ACCOUNT, REGION, edit

Cli = Callable[..., Result]
COMMANDS = ("plan", "promote", "rollback", "drift", "verify")
ELSEWHERE = "the profile elsewhere is in the account 210987654321, the stage in 123456789012"


def sign_in(tmp_path: Path, name: str, url: str, key: str = "a", secret: str = "b", token: str = "") -> None:
    """Add a profile to those there are."""
    with (tmp_path / "aws").open("a") as config, (tmp_path / "credentials").open("a") as credentials:
        config.write(f"\n[profile {name}]\nendpoint_url = {url}\nregion = us-west-2\n")
        credentials.write(f"\n[{name}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n")
        credentials.write(f"aws_session_token = {token}\n" if token else "")


@pytest.fixture
def ci(account_url: str, profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with credentials in its environment, and none of the stage's profiles."""
    (tmp_path / "aws").write_text("")
    (tmp_path / "credentials").write_text("")
    for name, value in (("ACCESS_KEY_ID", "ci"), ("SECRET_ACCESS_KEY", "b"), ("ENDPOINT_URL", account_url)):
        monkeypatch.setenv(f"AWS_{name}", value)


@pytest.fixture
def elsewhere(there: Account, account_url: str, tmp_path: Path) -> None:
    """A profile of another account."""
    assumed = there.clients("sts").assume_role(
        RoleArn="arn:aws:iam::210987654321:role/theirs", RoleSessionName="someone"
    )
    keys = assumed["Credentials"]
    sign_in(tmp_path, "elsewhere", account_url, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def test_the_stages_profile_is_used_where_nothing_is_said(cli: Cli, tested: Any) -> None:
    tested()
    assert cli("plan", "prod").exit_code == 2


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("command", COMMANDS[:-1])
def test_a_profile_that_is_asked_for_comes_before_the_stages(command: str, cli: Cli, folder: Path) -> None:
    said = cli(command, "prod", "--profile", "elsewhere")
    assert said.exit_code == 1
    assert ELSEWHERE in said.output
    lines = (folder / "glue-local.yaml").read_text().splitlines()
    # The line of the account, for the profile is not from the file.
    assert f"glue-local.yaml:{lines.index(next(each for each in lines if 'account: ' in each)) + 1}: " in said.output


@pytest.mark.usefixtures("ci")
def test_a_profile_that_this_machine_has_not_is_told_with_what_to_say(cli: Cli) -> None:
    said = cli("drift", "prod")
    assert said.exit_code == 1
    assert "could not be found: sign in, or say --profile NAME, or --no-profile" in said.output


@pytest.mark.usefixtures("ci")
def test_without_a_profile_the_credentials_are_found_as_any_client_finds_them(cli: Cli, tested: Any) -> None:
    tested()
    assert cli("plan", "prod", "--no-profile").exit_code == 2
    done = cli("promote", "prod", "--no-profile", "--yes")
    assert done.exit_code == 0, done.output
    assert cli("drift", "prod", "--no-profile").exit_code == 0
    assert "no promotion of roads to prod before" in cli("rollback", "prod", "--no-profile", "--yes").output


@pytest.mark.usefixtures("elsewhere")
def test_aws_profile_is_what_a_client_finds(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "elsewhere")
    said = cli("drift", "prod", "--no-profile")
    assert "the credentials that were found is in the account 210987654321" in said.output
    # The stage's own comes before it; and a stage that has none takes it.
    assert "was never promoted to prod" in cli("drift", "prod").output
    edit(folder, "    profile: prod\n", "")
    assert "in the account 210987654321" in cli("drift", "prod").output


def test_two_answers_are_refused(cli: Cli) -> None:
    for command in COMMANDS:
        said = cli(command, "prod", "--profile", "prod", "--no-profile")
        assert (said.exit_code, "--profile prod and --no-profile: say one of them" in said.output) == (1, True)


def test_a_plan_by_one_is_applied_by_another_in_the_same_account_and_region(
    cli: Cli, tested: Any, there: Account, account_url: str, tmp_path: Path
) -> None:
    tested()
    plan = tmp_path / "plan.json"
    assert cli("plan", "prod", "--out", str(plan)).exit_code == 2
    document = json.loads(plan.read_text())
    assert (document["account"], document["region"]) == (ACCOUNT, REGION)
    assert "profile" not in document
    sign_in(tmp_path, "deployer", account_url, "deployer")
    done = CliRunner().invoke(app, ["apply", str(plan), "--profile", "deployer"])
    assert done.exit_code == 0, done.output
    # In the plan's region, whatever the profile's is.
    assert there.clients("glue").get_job(JobName="j")["Job"]["Name"] == "j"


@pytest.mark.usefixtures("ci")
def test_a_plan_is_applied_with_the_credentials_that_are_found(cli: Cli, tested: Any, tmp_path: Path) -> None:
    tested()
    plan = tmp_path / "plan.json"
    assert cli("plan", "prod", "--no-profile", "--out", str(plan)).exit_code == 2
    assert CliRunner().invoke(app, ["apply", str(plan)]).exit_code == 0


@pytest.mark.usefixtures("elsewhere")
def test_a_plan_is_not_applied_in_another_account(cli: Cli, tested: Any, there: Account, tmp_path: Path) -> None:
    tested()
    plan = tmp_path / "plan.json"
    assert cli("plan", "prod", "--out", str(plan)).exit_code == 2
    said = CliRunner().invoke(app, ["apply", str(plan), "--profile", "elsewhere"])
    assert said.exit_code == 1
    assert f"plan.json:1: {ELSEWHERE}" in said.output.replace("\n", "")
    assert there.clients("s3").list_buckets()["Buckets"] == []


def test_verify_local_takes_no_profile(cli: Cli) -> None:
    said = cli("verify", "local", "--profile", "prod")
    assert (said.exit_code, "the local endpoint takes no profile" in said.output) == (1, True)
