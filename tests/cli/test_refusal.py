"""What a person is told when AWS, or the way to it, is not there: one line, with the fix."""

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

from glue_local.cli.refusal import in_one_line
from glue_local.promote.kinds import Failed

AWS = "https://glue.eu-west-1.amazonaws.com/"


def told(error: BotoCoreError, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(typer.Exit) as ended, in_one_line():
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
def test_who_is_not_signed_in_any_more_is_told_to(error: BotoCoreError, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(error, capsys).endswith("sign in again (aws sso login)")


@pytest.mark.parametrize("fault", [EndpointConnectionError, ConnectTimeoutError])
def test_an_endpoint_of_aws_that_is_not_reached_is_no_glue_local(
    fault: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    line = told(fault(endpoint_url=AWS, error="no route"), capsys)
    assert "https://glue.eu-west-1.amazonaws.com cannot be reached" in line
    assert "glue-local up" not in line


def test_a_local_endpoint_that_is_not_there_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    line = told(EndpointConnectionError(endpoint_url="http://localhost:4566/x", error="refused"), capsys)
    assert line == "glue-local: no glue-local at http://localhost:4566: start one with `glue-local up`"


def test_whatever_else_botocore_says_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Read timeout on endpoint URL" in told(ReadTimeoutError(endpoint_url=AWS, error="slow"), capsys)
    assert "You must specify a region" in told(NoRegionError(), capsys)


def test_what_aws_gave_up_on_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), in_one_line():
        raise Failed("delivery stream f is CREATING_FAILED: CREATE_ENI_FAILED: no subnet")
    assert capsys.readouterr().err.count("\n") == 1
