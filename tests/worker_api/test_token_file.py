"""The token file for workers that the server did not start."""

from pathlib import Path

import pytest

from glue_local.server import Server
from glue_local.settings import Settings
from glue_local.worker_api.token_file import kept_token


def test_a_token_is_created_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "token"
    assert kept_token(path, lambda: "first") == "first"
    assert kept_token(path, lambda: "second") == "first"
    assert [file.name for file in path.parent.iterdir()] == ["token"]


def test_an_empty_file_counts_as_missing(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("\n")
    assert kept_token(path, lambda: "made") == "made"


@pytest.mark.parametrize("kept", [None, "of-an-earlier-server"])
def test_a_server_uses_the_token_in_the_file(tmp_path: Path, kept: str | None) -> None:
    path = tmp_path / "token"
    if kept:
        path.write_text(kept)
    with Server(Settings(port=0, data_dir=tmp_path / "data", children=(), token_file=path)) as server:
        assert server.private.bearer == path.read_text()
        assert kept in (None, server.private.bearer)
