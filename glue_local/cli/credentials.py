"""Whose credentials a command uses in a stage's account: the options that say so."""

from typing import Annotated

import typer

from glue_local.cli.refusal import Refusal
from glue_local.promote.reach import Credentials

Profile = Annotated[str | None, typer.Option("--profile", metavar="NAME", help="Use this AWS profile instead of the stage's.")]  # fmt: skip
NoProfile = Annotated[bool, typer.Option("--no-profile", help="Leave the stage's profile out, as in CI: use the credentials that any AWS client finds.")]  # fmt: skip


def credentials(profile: str | None, no_profile: bool) -> Credentials:
    """Return whose credentials a command uses; raises Refusal when it is told two things."""
    if profile and no_profile:
        raise Refusal(f"--profile {profile} and --no-profile: say one of them")
    return Credentials(profile, no_profile)
