"""The order of credentials: --profile, then the stage's profile, then the default credential chain."""

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
ELSEWHERE = "the profile elsewhere: the account is 210987654321, but the stage is in 123456789012"


def sign_in(tmp_path: Path, name: str, url: str, key: str = "a", secret: str = "b", token: str = "") -> None:
    """Add a profile to the existing ones."""
    with (tmp_path / "aws").open("a") as config, (tmp_path / "credentials").open("a") as credentials:
        config.write(f"\n[profile {name}]\nendpoint_url = {url}\nregion = us-west-2\n")
        credentials.write(f"\n[{name}]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n")
        credentials.write(f"aws_session_token = {token}\n" if token else "")


@pytest.fixture
def ci(account_url: str, profile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with credentials in environment variables and without the stage's profiles."""
    (tmp_path / "aws").write_text("")
    (tmp_path / "credentials").write_text("")
    for name, value in (("ACCESS_KEY_ID", "ci"), ("SECRET_ACCESS_KEY", "b"), ("ENDPOINT_URL", account_url)):
        monkeypatch.setenv(f"AWS_{name}", value)


@pytest.fixture
def elsewhere(there: Account, account_url: str, tmp_path: Path) -> None:
    """A profile for another account."""
    assumed = there.clients("sts").assume_role(
        RoleArn="arn:aws:iam::210987654321:role/theirs", RoleSessionName="someone"
    )
    keys = assumed["Credentials"]
    sign_in(tmp_path, "elsewhere", account_url, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])


def test_the_stages_profile_is_the_default(cli: Cli, tested: Any) -> None:
    tested()
    assert cli("plan", "prod").exit_code == 2


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("command", COMMANDS[:-1])
def test_the_profile_option_overrides_the_stages_profile(command: str, cli: Cli, folder: Path) -> None:
    result = cli(command, "prod", "--profile", "elsewhere")
    assert result.exit_code == 1
    assert ELSEWHERE in result.output
    lines = (folder / "glue-local.yaml").read_text().splitlines()
    # Refers to the line of the account, because the profile is not in the file.
    assert f"glue-local.yaml:{lines.index(next(each for each in lines if 'account: ' in each)) + 1}: " in result.output


@pytest.mark.usefixtures("ci")
def test_a_missing_profile_is_reported_with_the_fix(cli: Cli) -> None:
    result = cli("drift", "prod")
    assert result.exit_code == 1
    assert "could not be found: sign in, pass --profile NAME, or pass --no-profile" in result.output


@pytest.mark.usefixtures("ci")
def test_no_profile_uses_the_default_credential_chain(cli: Cli, tested: Any) -> None:
    tested()
    assert cli("plan", "prod", "--no-profile").exit_code == 2
    done = cli("promote", "prod", "--no-profile", "--yes")
    assert done.exit_code == 0, done.output
    assert cli("drift", "prod", "--no-profile").exit_code == 0
    assert "roads has no earlier promotion to prod" in cli("rollback", "prod", "--no-profile", "--yes").output


@pytest.mark.usefixtures("elsewhere")
def test_aws_profile_is_part_of_the_default_chain(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "elsewhere")
    result = cli("drift", "prod", "--no-profile")
    assert "the default credentials: the account is 210987654321" in result.output
    # The stage's profile comes first; a stage without one uses AWS_PROFILE.
    assert "was never promoted to prod" in cli("drift", "prod").output
    edit(folder, "    profile: prod\n", "")
    assert "the account is 210987654321" in cli("drift", "prod").output


def test_profile_and_no_profile_together_are_refused(cli: Cli) -> None:
    for command in COMMANDS:
        result = cli(command, "prod", "--profile", "prod", "--no-profile")
        assert (result.exit_code, "--profile prod and --no-profile exclude each other" in result.output) == (1, True)


def test_a_plan_can_be_applied_with_other_credentials_for_the_same_account(
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
    # In the plan's region, not the profile's.
    assert there.clients("glue").get_job(JobName="j")["Job"]["Name"] == "j"


@pytest.mark.usefixtures("ci")
def test_a_plan_can_be_applied_with_the_default_credentials(cli: Cli, tested: Any, tmp_path: Path) -> None:
    tested()
    plan = tmp_path / "plan.json"
    assert cli("plan", "prod", "--no-profile", "--out", str(plan)).exit_code == 2
    assert CliRunner().invoke(app, ["apply", str(plan)]).exit_code == 0


@pytest.mark.usefixtures("elsewhere")
def test_a_plan_is_not_applied_in_another_account(cli: Cli, tested: Any, there: Account, tmp_path: Path) -> None:
    tested()
    plan = tmp_path / "plan.json"
    assert cli("plan", "prod", "--out", str(plan)).exit_code == 2
    result = CliRunner().invoke(app, ["apply", str(plan), "--profile", "elsewhere"])
    assert result.exit_code == 1
    assert f"plan.json:1: {ELSEWHERE}" in result.output.replace("\n", "")
    assert there.clients("s3").list_buckets()["Buckets"] == []


def test_verify_local_takes_no_profile(cli: Cli) -> None:
    result = cli("verify", "local", "--profile", "prod")
    assert (result.exit_code, "the local server takes no profile" in result.output) == (1, True)
