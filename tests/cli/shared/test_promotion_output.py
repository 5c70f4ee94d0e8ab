"""The output of plans: each action has its sign and colour."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from glue_local.cli.shared.promotion_output import show_plan
from glue_local.promote.apply.records import Pointer
from glue_local.promote.definition.desired import Resource
from glue_local.promote.definition.document import Place
from glue_local.promote.plan.differences import Change
from glue_local.promote.plan.plan import CREATE, DELETE, UPDATE, Plan, Step


@pytest.mark.parametrize(("action", "sign", "colour"), [(CREATE, "+", 32), (UPDATE, "~", 33), (DELETE, "-", 31)])
def test_each_step_has_its_sign_and_colour(action: str, sign: str, colour: int) -> None:
    resource = Resource("jobs", "j", {"Name": "j"}, Place(Path("glue-local.yaml"), 1))
    step = Step(action, resource, [Change(("Timeout",), 60, 90)])
    plan = Plan("roads", "prod", "123456789012", "eu-west-1", [step], [resource], Pointer(), (0, 1))
    out = StringIO()
    show_plan(Console(file=out, force_terminal=True, color_system="standard"), plan)
    assert f"\x1b[{colour}m  {sign} job j\x1b[0m" in out.getvalue()
    assert ("Timeout: 60 → 90" in out.getvalue()) == (action == UPDATE)
