"""Pruning keeps databases and schedule groups that contain resources of others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from glue_local.promote.apply.apply import apply_plan
from glue_local.promote.apply.records import Records
from glue_local.promote.definition.overlay import staged
from glue_local.promote.kinds import Account
from glue_local.promote.plan.plan import Plan, Wanted, make_plan


@pytest.fixture
def pruned(folder: Path, there: Account, cli: Callable[..., Result], tested: Any) -> Callable[[], tuple[Plan, Records]]:
    """Promote, then plan without databases, tables and schedules."""
    tested()
    assert cli("promote", "prod", "--yes").exit_code == 0
    text = (folder / "glue-local.yaml").read_text()
    for start, end in (("databases:", "delivery_streams:"), ("schedules:\n", "stages:")):
        text = text[: text.index(start)] + text[text.index(end) :]
    (folder / "glue-local.yaml").write_text(text.replace("    schedules: off\n", ""))

    def plan() -> tuple[Plan, Records]:
        wanted = staged(folder / "glue-local.yaml", "prod")
        records = Records(there, wanted.bucket, wanted.prefix)
        return make_plan(
            there, Wanted(wanted.project, "prod", wanted.resources, wanted.used, wanted.tags, prune=True), records
        ), records

    return plan


def fill(account: Account) -> None:
    """Add resources of others to the database and the group."""
    account.clients("glue").create_table(DatabaseName="d", TableInput={"Name": "theirs"})
    schedule = account.clients("scheduler").get_schedule(Name="nightly", GroupName="roads-prod")
    kept = {key: schedule[key] for key in ("ScheduleExpression", "FlexibleTimeWindow", "Target")}
    account.clients("scheduler").create_schedule(Name="theirs", GroupName="roads-prod", **kept)


def names(account: Account) -> tuple[list[str], list[str]]:
    """Return the remaining tables and schedules."""
    tables = account.clients("glue").get_tables(DatabaseName="d")["TableList"]
    schedules = account.clients("scheduler").list_schedules(GroupName="roads-prod")["Schedules"]
    return [each["Name"] for each in tables], [each["Name"] for each in schedules]


def test_a_database_and_a_group_with_only_our_resources_are_deleted(pruned: Any, there: Account) -> None:
    plan, records = pruned()
    done = [(step.resource.key, outcome) for step, outcome in apply_plan(plan, there, records)]
    gone = ("schedules/nightly", "schedule_groups/roads-prod", "tables/d.t", "databases/d")
    assert done == [(key, "deleted") for key in gone]
    assert pruned()[0].empty


def test_a_plan_notes_resources_of_others(pruned: Any, there: Account) -> None:
    fill(there)
    plan, records = pruned()
    assert "databases d is no longer defined; it is kept because it contains tables/d.theirs" in plan.notes
    assert (
        "schedule_groups roads-prod is no longer defined; it is kept because it contains schedules/theirs" in plan.notes
    )
    for _ in apply_plan(plan, there, records):
        pass
    assert names(there) == (["theirs"], ["theirs"])
    assert (records.pointer().number, pruned()[0].empty) == (2, True)


def test_a_database_filled_since_the_plan_is_kept(pruned: Any, there: Account) -> None:
    plan, records = pruned()
    fill(there)
    outcomes = {step.resource.key: outcome for step, outcome in apply_plan(plan, there, records)}
    assert outcomes["databases/d"] == "kept because it contains tables/d.theirs"
    assert outcomes["tables/d.t"] == "deleted"
    assert names(there) == (["theirs"], ["theirs"])
    assert records.pointer().number == 2
    assert "databases/d" in records.pointer().known, "a later --prune must find it"
