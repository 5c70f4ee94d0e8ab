"""Unmodified CDK, AWS SAM and Serverless Framework deploy to the endpoint, update and delete."""

import shutil
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from glue_local.server import Server
from tests.public_clients.installed import environment_of, run

APPS = Path(__file__).parent / "apps"
NPM = ["aws-cdk@2", "aws-cdk-lib@2", "constructs@10", "serverless@3", "serverless-localstack@1"]
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with CDK and Serverless, installed by npm."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("node")
    run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *NPM], cwd=folder)
    return folder / "node_modules"


def databases(aws: Callable[..., Any]) -> list[str]:
    return [each["Name"] for each in aws("glue").get_databases()["DatabaseList"]]


def machines(aws: Callable[..., Any]) -> list[str]:
    return [each["name"] for each in aws("stepfunctions").list_state_machines()["stateMachines"]]


def test_cdk_deploys_changes_and_destroys(
    endpoint: Server, aws: Callable[..., Any], node_modules: Path, tmp_path: Path
) -> None:
    shutil.copytree(APPS / "cdk", tmp_path, dirs_exist_ok=True)
    told = environment_of(endpoint.port, NODE_PATH=str(node_modules))
    cdk, app = str(node_modules / ".bin" / "cdk"), ["--app", "node app.js"]
    run([cdk, "bootstrap", "aws://000000000000/us-east-1"], tmp_path, **told)
    run([cdk, "deploy", *app, "--require-approval", "never"], tmp_path, **told)
    assert (databases(aws), machines(aws)) == (["cdk_roads"], ["cdk-machine"])
    assert [t["Name"] for t in aws("glue").get_tables(DatabaseName="cdk_roads")["TableList"]] == ["speeds"]
    run([cdk, "deploy", *app, "--require-approval", "never"], tmp_path, **told, GLUE_VERSION="4.0")
    assert aws("glue").get_job(JobName="cdk-job")["Job"]["GlueVersion"] == "4.0"
    run([cdk, "destroy", *app, "--force"], tmp_path, **told)
    assert (databases(aws), machines(aws), aws("glue").list_jobs()["JobNames"]) == ([], [], [])


def test_sam_deploys_changes_and_deletes(endpoint: Server, aws: Callable[..., Any], tmp_path: Path) -> None:
    shutil.copytree(APPS / "sam", tmp_path, dirs_exist_ok=True)
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    run([str(binaries / "pip"), "install", "-q", "aws-sam-cli"], tmp_path)
    aws("s3").create_bucket(Bucket="sam-uploads")
    told = environment_of(endpoint.port, SAM_CLI_TELEMETRY="0")
    deploy = [str(binaries / "sam"), "deploy", "--stack-name", "sam-roads", "--s3-bucket", "sam-uploads"]
    deploy += ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset", "--region", "us-east-1"]
    run(deploy, tmp_path, **told)
    assert (databases(aws), machines(aws)) == (["sam_roads"], ["sam-machine"])
    run([*deploy, "--parameter-overrides", "Workers=5"], tmp_path, **told)
    assert aws("glue").get_job(JobName="sam-job")["Job"]["NumberOfWorkers"] == 5
    delete = [
        "delete",
        "--stack-name",
        "sam-roads",
        "--no-prompts",
        "--region",
        "us-east-1",
        "--s3-bucket",
        "sam-uploads",
    ]
    run([deploy[0], *delete], tmp_path, **told)
    assert (databases(aws), machines(aws)) == ([], [])


def test_serverless_deploys_and_removes(
    endpoint: Server, aws: Callable[..., Any], node_modules: Path, tmp_path: Path
) -> None:
    shutil.copytree(APPS / "serverless", tmp_path, dirs_exist_ok=True)
    (tmp_path / "node_modules").symlink_to(node_modules)
    told = environment_of(
        endpoint.port, EDGE_PORT=str(endpoint.port), SLS_TELEMETRY_DISABLED="1", SLS_NOTIFICATIONS_MODE="off"
    )
    serverless = str(node_modules / ".bin" / "serverless")
    run([serverless, "deploy", "--stage", "dev"], tmp_path, **told)
    assert (databases(aws), machines(aws)) == (["sls_roads"], ["sls-machine"])
    run([serverless, "remove", "--stage", "dev"], tmp_path, **told)
    assert (databases(aws), machines(aws)) == ([], [])
