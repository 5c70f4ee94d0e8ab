"""The errors of commands if packages of their extra are missing or too old."""

from importlib.metadata import PackageNotFoundError

import pytest
from typer.testing import CliRunner

from glue_local.cli import app
from glue_local.prerequisites import Unmet, extras

REQUIRES = [
    "rich>=13",
    'boto3<2,>=1.40; extra == "promote"',
    'glue-local[feed]; extra == "verify"',
    'lxml<7,>=5; extra == "feed"',
]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The installed packages by name; tests change it."""
    versions = {"boto3": "1.44.5", "lxml": "6.1.3", "rich": "15.0.0"}

    def version(name: str) -> str:
        if name not in versions:
            raise PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(extras, "requires", lambda name: REQUIRES)
    monkeypatch.setattr(extras, "version", version)
    return versions


def test_a_complete_extra_passes(installed: dict[str, str]) -> None:
    assert [extras.lacking(extra) for extra in ("promote", "feed", "verify", "unknown")] == ["", "", "", ""]


def test_a_missing_package_is_named_with_the_command_that_installs_it(installed: dict[str, str]) -> None:
    del installed["lxml"]
    with pytest.raises(Unmet) as told:
        extras.check("verify", "glue-local verify")
    assert str(told.value) == (
        "glue-local verify needs lxml, which is not installed: run `pip install 'glue-local[verify]'`"
    )


def test_an_old_package_is_named_with_its_version(installed: dict[str, str]) -> None:
    installed["boto3"] = "1.34.131"
    assert extras.lacking("promote") == "boto3<2,>=1.40, but 1.34.131 is installed"


@pytest.mark.parametrize(("command", "package"), [("feed", "lxml"), ("plan", "boto3"), ("export", "boto3")])
def test_a_missing_extra_is_reported_in_one_line(installed: dict[str, str], command: str, package: str) -> None:
    del installed[package]
    done = CliRunner().invoke(app, [command])
    extra = "feed" if command == "feed" else "promote"
    assert done.exit_code == 1
    assert done.output == (
        f"glue-local: glue-local {command} needs {package}, which is not installed:"
        f" run `pip install 'glue-local[{extra}]'`\n"
    )


def test_commands_without_an_extra_check_nothing(installed: dict[str, str]) -> None:
    installed.clear()
    assert CliRunner().invoke(app, ["status", "--help"]).exit_code == 0
