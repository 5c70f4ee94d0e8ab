"""The worker's calls of the private API leave a mark that a health check can look at."""

from pathlib import Path

import pytest

from glue_local.server import Server
from glue_local.settings import Settings
from glue_local.worker.private_api import PrivateApi, ServerUnreachable


def test_an_answer_makes_the_mark_new_and_a_refusal_does_not(tmp_path: Path) -> None:
    mark = tmp_path / "in-touch"
    with Server(Settings(port=0, data_dir=tmp_path / "data", children=())) as server:
        with pytest.raises(ServerUnreachable, match="40[13]"):
            PrivateApi(server.endpoint, "another", mark).claim("me", ("glueetl",), 0)
        assert not mark.exists()
        assert PrivateApi(server.endpoint, server.private.bearer, mark).claim("me", ("glueetl",), 0) is None
        assert mark.exists()
