"""Our awsglue under a name of its own."""

from pathlib import Path

import pytest

from glue_local.worker import our_awsglue


def test_without_it_the_fix_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match="has none: mount it there, or say where it is in GLUE_LOCAL_OUR_AWSGLUE"
    ):
        our_awsglue.load(tmp_path)
