"""The options that choose the credentials for a stage's account."""

from typing import Annotated

import typer

from glue_local.cli.shared.error_messages import CommandError
from glue_local.promote.account_access import Credentials

Profile = Annotated[str | None, typer.Option("--profile", metavar="NAME", help="Use this AWS profile instead of the stage's.")]  # fmt: skip
NoProfile = Annotated[bool, typer.Option("--no-profile", help="Ignore the stage's profile and use the default credential chain, as in CI.")]  # fmt: skip


def credentials(profile: str | None, no_profile: bool) -> Credentials:
    """Return the credentials to use; raises CommandError if both options are given."""
    if profile and no_profile:
        raise CommandError(f"--profile {profile} and --no-profile exclude each other: pass one of them")
    return Credentials(profile, no_profile)
