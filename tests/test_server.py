"""The endpoint: its request chain, its exclusive data directory, its reset."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from glue_local.data_directory import PROCESS_FILE, StartupError
from glue_local.server import Server
from glue_local.settings import Settings

Aws = Callable[..., Any]


def ask(endpoint: Server, path: str = "/_glue_local/health", method: str = "GET", **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(f"http://127.0.0.1:{endpoint.port}{path}", method=method, headers=headers)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:4566", "[::1]:4566", "bucket.localhost:4566"])
def test_answers_under_every_name_of_loopback(endpoint: Server, host: str) -> None:
    assert ask(endpoint, Host=host)[0] == 200


@pytest.mark.parametrize(
    "header",
    [
        {"Host": "rebound.example"},
        {"Host": "x@localhost"},
        {"Host": "rebound.example@localhost:4566"},
        {"Host": "localhost:4566@rebound.example"},
        {"Host": "localhost/x"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://page.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://localhost"},
        {"Origin": "http://127.0.0.1:4566", "Host": "localhost:4566"},
        {"Origin": "chrome-extension://localhost:4566", "Host": "localhost:4566"},
    ],
)
def test_requests_from_web_pages_are_refused(endpoint: Server, header: dict[str, str]) -> None:
    status, answer = ask(endpoint, **header)
    assert status == 403
    assert answer["__type"] == "AccessDeniedException"


def test_direct_visits_and_the_endpoints_own_pages_are_answered(endpoint: Server) -> None:
    for site in ("none", "same-origin"):
        assert ask(endpoint, **{"Sec-Fetch-Site": site})[0] == 200


def test_a_page_on_another_port_starts_no_run(endpoint: Server, aws: Aws) -> None:
    """Neither with the preflight request that a browser sends for X-Amz-Target, nor without."""
    glue = {"X-Amz-Target": "AWSGlue.CreateDatabase", "Content-Type": "text/plain"}
    for method in ("OPTIONS", "POST"):
        status, answer = ask(endpoint, "/", method, Origin="http://localhost:3000", **glue)
        assert (status, "GLUE_LOCAL_ALLOWED_ORIGINS" in answer["message"]) == (403, True)


def test_a_page_of_the_endpoint_itself_is_allowed(endpoint: Server) -> None:
    for host in (f"localhost:{endpoint.port}", f"bucket.localhost:{endpoint.port}"):
        assert ask(endpoint, Origin=f"http://{host}", Host=host)[0] == 200


def test_an_allowed_origin_may_call_and_read(tmp_path: Path) -> None:
    origin = "http://localhost:3000"
    settings = Settings(port=0, data_dir=tmp_path, children=(), allowed_origins=(origin,))
    with Server(settings) as server:
        for target in ("AWSGlue.GetDatabases", "Logs_20140328.DescribeLogGroups"):
            request = urllib.request.Request(
                server.endpoint, data=b"{}", headers={"Origin": origin, "X-Amz-Target": target}
            )
            with urllib.request.urlopen(request) as response:
                assert response.headers.get_all("Access-Control-Allow-Origin") == [origin]
        assert ask(server, Origin="http://localhost:3001")[0] == 403


def test_the_private_api_needs_its_token(endpoint: Server) -> None:
    assert ask(endpoint, "/_glue_local/runs/claim", "POST")[0] == 403
    assert ask(endpoint, "/_glue_local/runs/claim", "POST", Authorization="Bearer guess")[0] == 403


def test_other_services_use_the_callers_account(aws: Aws) -> None:
    assert aws("sts", "111122223333").get_caller_identity()["Account"] == "111122223333"
    assert aws("sts", "test").get_caller_identity()["Account"] == "000000000000"


def test_a_service_that_moto_only_simulates_is_refused(aws: Aws) -> None:
    with pytest.raises(ClientError, match="does not emulate EMR") as refusal:
        aws("emr").list_clusters()
    assert refusal.value.response["Error"]["Code"] == "NotEmulatedByGlueLocalException"


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("stepfunctions", "redrive_execution", {"executionArn": "x"}),
        ("iam", "get_organizations_access_report", {"JobId": "x" * 36}),
    ],
)
def test_an_operation_that_moto_lacks_is_named(
    aws: Aws, service: str, operation: str, arguments: dict[str, str]
) -> None:
    with pytest.raises(ClientError, match=f"does not emulate .*: {operation} yet") as refusal:
        getattr(aws(service), operation)(**arguments)
    assert refusal.value.response["Error"]["Code"] == "NotEmulatedByGlueLocalException"
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_a_missing_glue_operation_answers_501_with_its_name(aws: Aws) -> None:
    with pytest.raises(ClientError, match="glue:CreateDevEndpoint") as refusal:
        aws("glue").create_dev_endpoint(EndpointName="x", RoleArn="arn:aws:iam::000000000000:role/r")
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_motos_reset_also_empties_our_services(endpoint: Server, aws: Aws) -> None:
    aws("glue").create_database(DatabaseInput={"Name": "gone"})
    aws("s3").create_bucket(Bucket="gone-too")
    assert ask(endpoint, "/moto-api/reset", "POST") == (200, {"status": "ok"})
    assert aws("glue").get_databases()["DatabaseList"] == []
    assert aws("s3").list_buckets()["Buckets"] == []


def test_a_data_directory_has_one_server(tmp_path: Path) -> None:
    settings = Settings(port=0, data_dir=tmp_path, children=())
    with Server(settings), pytest.raises(StartupError, match="already using the data directory"), Server(settings):
        pass
    with Server(settings) as again:
        assert ask(again)[0] == 200


def test_a_port_in_use_is_reported_in_one_line(endpoint: Server, tmp_path: Path) -> None:
    settings = Settings(port=endpoint.port, data_dir=tmp_path, children=())
    with pytest.raises(StartupError, match=f"port {endpoint.port} .* --port"), Server(settings):
        pass


def test_an_invalid_port_and_an_unusable_data_directory_are_reported_in_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(StartupError, match="invalid port 99999: .* --port"),
        Server(Settings(port=99999, data_dir=tmp_path)),
    ):
        pass
    (tmp_path / "file").touch()
    settings = Settings(port=0, data_dir=tmp_path / "file", children=False)
    with pytest.raises(StartupError, match="File exists.* --data-dir"), Server(settings):
        pass


def test_a_running_server_has_a_file_with_its_pid_and_port(tmp_path: Path) -> None:
    with Server(Settings(port=0, data_dir=tmp_path, children=())) as server:
        assert json.loads((tmp_path / PROCESS_FILE).read_text()) == {"pid": os.getpid(), "port": server.port}
    assert not (tmp_path / PROCESS_FILE).exists()


_SERVE_AND_DIE = """
import boto3, os, signal, sys
from pathlib import Path
from glue_local.server import Server
from glue_local.settings import Settings
with Server(Settings(port=0, data_dir=Path(sys.argv[1]), children=())) as server:
    glue = boto3.client("glue", endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id="test", aws_secret_access_key="test")
    glue.create_database(DatabaseInput={"Name": "kept"})
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_glue_state_survives_a_killed_server(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _SERVE_AND_DIE, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    with Server(Settings(port=0, data_dir=tmp_path, children=())) as server:
        names = [database for _, _, (database,), _ in server.store.everywhere("database")]
    assert names == ["kept"]
