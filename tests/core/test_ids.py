"""Identifiers have AWS's formats and are reproducible with a seed."""

import re

from glue_local.core.ids import Ids


def test_formats() -> None:
    ids = Ids()
    assert re.fullmatch(r"jr_[0-9a-f]{64}", ids.run_id())
    assert re.fullmatch(r"j_[0-9a-f]{64}", ids.job_id())
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", ids.uuid())
    assert len(ids.token()) == 40


def test_only_a_seed_repeats() -> None:
    assert Ids(7).run_id() == Ids(7).run_id()
    assert Ids(7).run_id() != Ids(8).run_id()
    assert Ids().run_id() != Ids().run_id()
