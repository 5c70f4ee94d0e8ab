"""The workflows as the project defines them."""

import json
from pathlib import Path

import pytest

from glue_local.compare.workflows import ATHENA, GLUE, WORKFLOWS, Workflow, lines_of_code
from glue_local.promote.definition.desired import jobs_started

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_the_code_of_a_workflow_is_what_its_state_machine_starts(workflow: Workflow) -> None:
    definition = json.loads((ROOT / workflow.definition).read_text())
    assert workflow.first_result in definition["States"]
    jobs = {f"jobs/{name}.py" for _, name in jobs_started(definition)}
    lists = definition["States"]["Defaults"]["Parameters"]["defaults"].get("queries", {})
    queries = {f"queries/{name}.sql" for names in lists.values() for name in names}
    assert {*workflow.code} - {"jobs/partition_versions.py"} == jobs | queries


def test_lines_are_counted_without_comments_and_empty_ones(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("# why\n\nimport sys\n\n\ndef f():  # inside\n    return 1\n")
    (tmp_path / "b.sql").write_text("-- why\nSELECT 1\n  -- and\n  , 2\n")
    assert lines_of_code(tmp_path, ["a.py", "b.sql"]) == {"a.py": 3, "b.sql": 2}
    assert all(count for each in (GLUE, ATHENA) for count in lines_of_code(ROOT, each.code).values())
