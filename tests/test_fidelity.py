"""docs/fidelity.md is up to date with the code."""

from glue_local.fidelity import PAGE, page


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text() == page(), "run python -m glue_local.fidelity"
