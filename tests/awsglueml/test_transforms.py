"""AWS's machine learning transforms import, and fail with their names when they are used."""

from typing import Any

import pytest

from awsglueml import transforms

NAMES = ("EntityDetector", "FillMissingValues", "FindIncrementalMatches", "FindMatches")


@pytest.mark.parametrize("name", NAMES)
def test_it_says_its_name_however_a_script_uses_it(name: str) -> None:
    transform: Any = getattr(transforms, name)
    for use in (transform, lambda: transform.apply(frame=None, transformId="tfm-1")):
        with pytest.raises(NotImplementedError, match=f"awsglueml.transforms.{name} is not emulated"):
            use()
