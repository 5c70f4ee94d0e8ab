"""The worker's calls of the private API touch a file that a health check reads."""

from pathlib import Path

import pytest

from glue_local.core.private_api import ServerUnreachable
from glue_local.server import Server
from glue_local.settings import Settings
from glue_local.worker.runs_api import RunsApi


def test_an_answer_touches_the_file_and_an_error_does_not(tmp_path: Path) -> None:
    in_touch = tmp_path / "in-touch"
    with Server(Settings(port=0, data_dir=tmp_path / "data", children=())) as server:
        with pytest.raises(ServerUnreachable, match="40[13]"):
            RunsApi(server.endpoint, "another", in_touch).claim("me", ("glueetl",), 0)
        assert not in_touch.exists()
        assert RunsApi(server.endpoint, server.private.bearer, in_touch).claim("me", ("glueetl",), 0) is None
        assert in_touch.exists()
