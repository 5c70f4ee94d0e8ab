"""Which Pythons are supported."""

import pytest

from glue_local.prerequisites import Unmet, python


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 11, 7), (3, 13, 1)])
def test_supported(version: tuple[int, ...]) -> None:
    assert python.check(version) == ".".join(map(str, version))


@pytest.mark.parametrize("version", [(3, 9, 18), (3, 14, 0), (2, 7, 18)])
def test_unsupported_versions_are_named_with_the_fix(version: tuple[int, ...]) -> None:
    with pytest.raises(Unmet, match=r"Python \d+\.\d+\.\d+ is not supported: .*3\.10 to 3\.13.*venv"):
        python.check(version)
