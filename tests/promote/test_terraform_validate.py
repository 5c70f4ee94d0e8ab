"""``terraform validate`` on the exported configuration, if Terraform is installed."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from glue_local.promote.definition.overlay import staged
from glue_local.promote.export.terraform import configuration
from tests.promote.terraform_provider import served
from tests.promote.test_members import GIVEN, with_given

ROOT = Path(__file__).parent.parent.parent
PROVIDER = json.loads((ROOT / "glue_local" / "promote" / "export" / "terraform_aws.json").read_text())
OF_THE_PROVIDER = {"region": {"type": "string"}, "allowed_account_ids": {"type": "list"}}

pytestmark = pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")


@pytest.fixture(scope="module")
def validated() -> Iterator[Callable[[Any, Path], list[str]]]:
    """Return terraform's diagnostics for a configuration in a folder."""
    with served(PROVIDER["provider"], PROVIDER["resources"], OF_THE_PROVIDER) as found:
        environment = {**os.environ, **found, "CHECKPOINT_DISABLE": "1"}

        def validate(document: Any, folder: Path) -> list[str]:
            (folder / "main.tf.json").write_text(json.dumps(document))
            command = ["terraform", "validate", "-json"]
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
            message = json.loads(done.stdout)
            assert message["valid"] == (done.returncode == 0)
            return [f"{one['summary']}: {one['detail']}" for one in message["diagnostics"]]

        yield validate


def of(folder: Path) -> Any:
    return json.loads(json.dumps(configuration(staged(folder / "glue-local.yaml", "prod"))))


def test_the_example_project_is_valid(validated: Callable[..., list[str]], tmp_path: Path) -> None:
    assert validated(of(ROOT), tmp_path) == []


def test_a_resource_of_each_kind_with_every_member_is_valid(
    validated: Callable[..., list[str]], folder: Path, tmp_path: Path
) -> None:
    for kind, given in GIVEN.items():
        with_given(folder, kind, {name: value for name, value in given.items() if (kind, name) != ("jobs", "LogUri")})
    (tmp_path / "out").mkdir()
    assert validated(of(folder), tmp_path / "out") == []


def _unknown(made: Any) -> None:
    made["aws_glue_job"]["j"]["nme"] = "x"


def _dangling(made: Any) -> None:
    made["aws_glue_job"]["j"]["role_arn"] = "${aws_iam_role.nobody.arn}"


def _missing(made: Any) -> None:
    del made["aws_sfn_state_machine"]["m"]["role_arn"]


def _mistyped(made: Any) -> None:
    made["aws_glue_job"]["j"]["timeout"] = "an hour"


def _nested(made: Any) -> None:
    made["aws_glue_job"]["j"]["command"]["pythn"] = "3"


FAULTS = {
    _unknown: "Extraneous JSON object property",
    _dangling: "Reference to undeclared resource",
    _missing: "Missing required argument",
    _mistyped: "Incorrect attribute value type",
    _nested: "Extraneous JSON object property",
}


@pytest.mark.parametrize("spoil", FAULTS, ids=lambda one: one.__name__[1:])
def test_terraform_detects_invalid_configurations(
    spoil: Callable[[Any], None], validated: Callable[..., list[str]], folder: Path, tmp_path: Path
) -> None:
    document = of(folder)
    spoil(document["resource"])
    (tmp_path / "out").mkdir()
    [message] = validated(document, tmp_path / "out")
    assert message.startswith(FAULTS[spoil]), message
