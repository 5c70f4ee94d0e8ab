"""The ``verify:`` section of glue-local.yaml: errors are one line with file and line number."""

from collections.abc import Callable
from pathlib import Path

import pytest

from glue_local.promote.definition.desired import desired, project
from glue_local.promote.definition.document import DefinitionError
from glue_local.promote.definition.overlay import staged, with_buckets_of
from glue_local.verify.definition import Verification, verification
from tests.verify.conftest import FILE


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write the example's definitions with a replaced text, and its files beside them."""

    def written(old: str, new: str) -> Path:
        for name in ("jobs", "policies", "queries", "stepfunctions"):
            (tmp_path / name).symlink_to(FILE.parent / name)
        text = FILE.read_text()
        assert old in text
        (tmp_path / "glue-local.yaml").write_text(text.replace(old, new))
        return tmp_path / "glue-local.yaml"

    return written


def read(file: Path) -> Verification:
    return verification(project(file), desired(file, "us-east-1", "000000000000"))


def line_of(file: Path, text: str) -> int:
    return file.read_text()[: file.read_text().index(text)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "message", "at"),
    [
        ("  state_machine: traffic_glue\n", "", "verify: state_machine missing", "  delivery_stream: traffic-raw-delivery"),
        ("  state_machine: traffic_glue", "  state_machine: other", "state_machines: other is not defined", "other"),
        ("  by_arrival: [rejected]", "  by_arrival: [nothing]", "tables: nothing is not defined in traffic", "[nothing]"),
        ("  by_arrival:", "  by_arrivals:", "verify: unknown member by_arrivals: choose one of delivery_stream,", "  by_arrivals:"),
        ("    bookmark: job-bookmark-disable", "    bookmark: 7", "expected a string, not 7", "    bookmark: 7"),
    ],
)  # fmt: skip
def test_an_invalid_section_is_reported_with_its_line(
    write: Callable[[str, str], Path], old: str, new: str, message: str, at: str
) -> None:
    file = write(old, new)
    with pytest.raises(DefinitionError) as refused:
        read(file)
    assert str(refused.value).startswith(f"{file}:{line_of(file, at)}: {message}")


def test_a_missing_section_is_reported(write: Callable[[str, str], Path]) -> None:
    text = FILE.read_text()
    file = write(text[text.index("verify:  ") : text.index("stages:")], "")
    with pytest.raises(DefinitionError, match="verify: is missing"):
        read(file)


def test_paths_use_the_stages_buckets() -> None:
    wanted = staged(FILE, "prod")
    asked = verification(project(FILE), wanted.resources, lambda value: with_buckets_of(wanted.stage, value))
    assert asked.configuration == "s3://example-traffic-raw/config/"
    assert asked.input["state_path"] == "s3://example-traffic-curated/state/"
    assert asked.input["bookmark"] == "job-bookmark-disable"
