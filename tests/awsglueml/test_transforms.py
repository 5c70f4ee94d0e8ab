"""AWS's machine learning transforms can be imported; using one raises an error with its name."""

from typing import Any

import pytest

from awsglueml import transforms

NAMES = ("EntityDetector", "FillMissingValues", "FindIncrementalMatches", "FindMatches")


@pytest.mark.parametrize("name", NAMES)
def test_every_use_names_the_transform(name: str) -> None:
    transform: Any = getattr(transforms, name)
    for use in (transform, lambda: transform.apply(frame=None, transformId="tfm-1")):
        with pytest.raises(NotImplementedError, match=f"awsglueml.transforms.{name} is not emulated"):
            use()
