"""Lines in the log of a child process."""

import pytest

from glue_local.children.log import log_of


def test_a_line_is_prefixed_with_the_process(capsys: pytest.CaptureFixture[str]) -> None:
    log_of("worker")("one run")
    assert capsys.readouterr().err == "glue-local worker: one run\n"
