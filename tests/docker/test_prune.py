"""Pruning glue-local's image removes nothing that its commands use."""

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from glue_local.promote.definition.desired import KINDS

ROOT = Path(__file__).parents[2]


def load(name: str) -> ModuleType:
    """Return a script of docker/, which is not a package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docker" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
