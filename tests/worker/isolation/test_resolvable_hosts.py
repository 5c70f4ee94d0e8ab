"""The host names that a run can resolve."""

import socket
from pathlib import Path

import pytest

from glue_local.worker.isolation.resolvable_hosts import Names, host_of


def test_only_the_given_hosts_are_in_the_hosts_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = {"glue": "172.20.0.3", "localstack": "172.20.0.2"}

    def look_up(name: str) -> str:
        if name not in addresses:
            raise socket.gaierror("no such name")
        return addresses[name]

    monkeypatch.setattr(socket, "gethostbyname", look_up)
    names = Names(("glue", "localstack", "not-up-yet", "localhost"))
    lines = names.write(tmp_path).read_text().splitlines()
    assert lines == [
        "127.0.0.1 localhost",
        f"127.0.0.1 {socket.gethostname()}",
        "172.20.0.3 glue",
        "172.20.0.2 localstack",
    ]
    addresses["glue"] = "172.20.0.9"  # it was restarted
    assert "172.20.0.9 glue" in names.write(tmp_path).read_text()


@pytest.mark.parametrize(
    "url", ["https://glue.eu-west-1.amazonaws.com", "https://x.amazonaws.com.cn", "https://s3.api.aws"]
)
def test_aws_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="AWS itself"):
        host_of(url)
