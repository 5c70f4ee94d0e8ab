"""Plans as they are printed: each kind of step in its colour."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from glue_local.cli.steps import show_plan
from glue_local.promote.desired import Resource
from glue_local.promote.differences import Change
from glue_local.promote.document import Place
from glue_local.promote.planning import CREATE, DELETE, UPDATE, Plan, Step
from glue_local.promote.records import Pointer


@pytest.mark.parametrize(("action", "sign", "colour"), [(CREATE, "+", 32), (UPDATE, "~", 33), (DELETE, "-", 31)])
def test_each_step_has_its_sign_and_colour(action: str, sign: str, colour: int) -> None:
    resource = Resource("jobs", "j", {"Name": "j"}, Place(Path("glue-local.yaml"), 1))
    step = Step(action, resource, [Change(("Timeout",), 60, 90)])
    plan = Plan("roads", "prod", "123456789012", "eu-west-1", [step], [resource], Pointer(), (0, 1))
    out = StringIO()
    show_plan(Console(file=out, force_terminal=True, color_system="standard"), plan)
    assert f"\x1b[{colour}m  {sign} job j\x1b[0m" in out.getvalue()
    assert ("Timeout: 60 → 90" in out.getvalue()) == (action == UPDATE)
