"""What our image is made of: pyproject.toml's dependencies but for those it does without, and pruned folders."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from glue_local.promote.desired import KINDS

ROOT = Path(__file__).parents[2]


def load(name: str) -> ModuleType:
    """Return a script of docker/, which is not a package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docker" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


needs_tomllib = pytest.mark.skipif(sys.version_info < (3, 11), reason="the image has Python 3.11, which has tomllib")


@needs_tomllib
def test_the_pinned_dependencies_without_those_that_the_container_does_not_need() -> None:
    printed = load("requirements").requirements(ROOT / "pyproject.toml")
    names = {re.split("[=\\[]", each)[0] for each in printed}
    assert {"boto3", "lxml", "pyarrow", "werkzeug"} <= names
    assert not names & {"docker", "moto", "pyspark"}
    assert all("==" in each for each in printed)


@needs_tomllib
def test_leaving_out_what_is_not_asked_for_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["boto3==1"]\n')
    with pytest.raises(SystemExit, match="does not ask for: docker, moto, pyspark"):
        load("requirements").requirements(tmp_path / "pyproject.toml")


def test_pruning_keeps_the_models_of_the_services_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [
        "botocore/data/glue/1/service-2.json.gz",
        "botocore/data/endpoints.json",
        "botocore/docs/a.py",
        "pyarrow/libarrow.so.2300",
    ]
    gone = [
        "botocore/data/ec2/1/service-2.json.gz",
        "pyarrow/libarrow_flight.so.2300",
        "pyarrow/tests/a.py",
        "pyarrow/_acero.cpython-311.so",
    ]
    for name in (*kept, *gone):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    monkeypatch.setattr(subprocess, "run", lambda command, check: None)
    assert load("prune").prune(tmp_path) == 5 * len(gone)
    assert sorted(each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*") if each.is_file()) == sorted(
        kept
    )


def test_every_service_that_the_code_names_has_its_model() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "glue_local").rglob("*.py") if "worker" not in path.parts)
    named = set(re.findall(r'(?:client|local|service|_model)\(\s*"([a-z0-9]+)"', source))
    named |= {kind.service for kind in KINDS.values()}
    assert {"glue", "kinesis", "s3", "scheduler"} <= named
    assert named - set(load("prune").SERVICES) == set()
