"""Promotions require a local run with all files in a job's arguments, not only its modules."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.promote.conftest import edit


@pytest.mark.parametrize("argument", ["--extra-jars", "--extra-files", "--additional-python-modules"])
def test_every_argument_file_needs_a_local_run(
    argument: str, cli: Callable[..., Result], folder: Path, tested: Any
) -> None:
    one, two = f"one of {argument}".encode(), f"two of {argument}".encode()
    (folder / "x-1.0-py3-none-any.whl").write_bytes(one)
    script = "  - {Source: a.py, Destination: s3://scripts/jobs/a.py}\n"
    extra = "s3://scripts/jobs/x-1.0-py3-none-any.whl"
    edit(folder, script, f"{script}  - {{Source: x-1.0-py3-none-any.whl, Destination: {extra}}}\n")
    edit(folder, "{--extra-py-files", f"{{{argument}: {extra}, --extra-py-files")
    tested()
    refused = cli("plan", "prod")
    assert refused.exit_code == 1
    assert "no local run of job j has SUCCEEDED with this version of its script" in refused.output
    tested(x=one)
    done = cli("promote", "prod", "--yes")
    assert done.exit_code == 0, done.output
    (folder / "x-1.0-py3-none-any.whl").write_bytes(two)
    refused = cli("plan", "prod")
    assert (refused.exit_code, "no local run of job j has SUCCEEDED" in refused.output) == (1, True), refused.output
    tested(x=two)
    assert cli("plan", "prod").exit_code == 2
