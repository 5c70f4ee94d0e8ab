"""glue-local's awsglue under another module name."""

from pathlib import Path

import pytest

from glue_local.worker.awsglue_image import bundled_awsglue


def test_a_missing_package_is_named_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match="has none: mount it there, or set GLUE_LOCAL_OUR_AWSGLUE to its location"
    ):
        bundled_awsglue.load(tmp_path)
