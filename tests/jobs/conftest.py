"""Fixtures for job scripts: importable scripts, and a catalog and buckets in memory."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

ROOT = Path(__file__).parent.parent.parent
# A script is a single file that finds --extra-py-files on the path.
sys.path.insert(0, str(ROOT / "jobs"))


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """A Glue and an S3 client for an empty account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("glue"), boto3.client("s3")


@pytest.fixture(scope="session")
def resources() -> dict[str, Any]:
    """The project's resources as glue-local.yaml defines them."""
    return dict(yaml.safe_load((ROOT / "glue-local.yaml").read_text()))
