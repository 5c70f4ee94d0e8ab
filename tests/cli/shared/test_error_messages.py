"""Errors of AWS and of the connection to it become one line with the fix."""

from typing import Any

import pytest
import typer
from botocore.exceptions import (
    BotoCoreError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoRegionError,
    ReadTimeoutError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from glue_local.cli.shared.error_messages import report_errors
from glue_local.promote.kinds import Failed

AWS = "https://glue.eu-west-1.amazonaws.com/"


def reported(error: BotoCoreError, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(typer.Exit) as ended, report_errors():
        raise error
    assert ended.value.exit_code == 1
    [line] = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize(
    "error",
    [
        UnauthorizedSSOTokenError(),
        SSOTokenLoadError(profile_name="prod", error_msg="gone"),
        TokenRetrievalError(provider="sso", error_msg="Token has expired\nand refresh failed"),
        CredentialRetrievalError(provider="custom-process", error_msg="no"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_expired_session_is_reported_with_the_fix(error: BotoCoreError, capsys: pytest.CaptureFixture[str]) -> None:
    assert reported(error, capsys).endswith("sign in again (aws sso login)")


@pytest.mark.parametrize("fault", [EndpointConnectionError, ConnectTimeoutError])
def test_an_unreachable_aws_endpoint_does_not_suggest_glue_local_up(
    fault: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    line = reported(fault(endpoint_url=AWS, error="no route"), capsys)
    assert "cannot reach https://glue.eu-west-1.amazonaws.com" in line
    assert "glue-local up" not in line


def test_an_unreachable_local_endpoint_suggests_glue_local_up(capsys: pytest.CaptureFixture[str]) -> None:
    line = reported(EndpointConnectionError(endpoint_url="http://localhost:4566/x", error="refused"), capsys)
    assert line == "glue-local: no glue-local server at http://localhost:4566: start one with `glue-local up`"


def test_other_botocore_errors_are_reported_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Read timeout on endpoint URL" in reported(ReadTimeoutError(endpoint_url=AWS, error="slow"), capsys)
    assert "You must specify a region" in reported(NoRegionError(), capsys)


def test_a_resource_that_aws_failed_to_create_is_reported_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), report_errors():
        raise Failed("delivery stream f is CREATING_FAILED: CREATE_ENI_FAILED: no subnet")
    assert capsys.readouterr().err.count("\n") == 1


def test_a_line_number_is_not_shown_as_an_emoji(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), report_errors():
        raise Failed("glue-local.yaml:100: no")
    assert capsys.readouterr().err == "glue-local: glue-local.yaml:100: no\n"
