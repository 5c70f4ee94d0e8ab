"""``verify:`` of glue-local.yaml: what is wrong with it is one line with the file and its line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from glue_local.promote.desired import desired, project
from glue_local.promote.document import DefinitionError
from glue_local.promote.overlay import staged, with_buckets_of
from glue_local.verify.definition import Verification, verification
from tests.verify.conftest import FILE


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write the example's definitions with a text replaced, its files beside it."""

    def written(old: str, new: str) -> Path:
        for name in ("jobs", "policies", "stepfunctions"):
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
    ("old", "new", "said", "at"),
    [
        ("  state_machine: traffic_glue\n", "", "verify: needs state_machine", "  delivery_stream: traffic-raw-delivery"),
        ("  state_machine: traffic_glue", "  state_machine: other", "state_machines: has no other", "other"),
        ("  by_arrival: [rejected]", "  by_arrival: [nothing]", "tables: has no nothing in traffic", "[nothing]"),
        ("  by_arrival:", "  by_arrivals:", "verify: has no by_arrivals; it has delivery_stream,", "  by_arrivals:"),
        ("    bookmark: job-bookmark-disable", "    bookmark: 7", "expected a text, not 7", "    bookmark: 7"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(
    write: Callable[[str, str], Path], old: str, new: str, said: str, at: str
) -> None:
    file = write(old, new)
    with pytest.raises(DefinitionError) as refused:
        read(file)
    assert str(refused.value).startswith(f"{file}:{line_of(file, at)}: {said}")


def test_a_project_without_it_cannot_be_verified(write: Callable[[str, str], Path]) -> None:
    text = FILE.read_text()
    file = write(text[text.index("verify:  ") : text.index("stages:")], "")
    with pytest.raises(DefinitionError, match="has no verify:"):
        read(file)


def test_a_stage_has_its_own_buckets() -> None:
    wanted = staged(FILE, "prod")
    asked = verification(project(FILE), wanted.resources, lambda value: with_buckets_of(wanted.stage, value))
    assert asked.configuration == "s3://example-traffic-raw/config/"
    assert asked.input["state_path"] == "s3://example-traffic-curated/state/"
    assert asked.input["bookmark"] == "job-bookmark-disable"
