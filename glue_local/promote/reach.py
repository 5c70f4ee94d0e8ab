"""The account that a stage is in, reached as an ordinary AWS client reaches it, and made sure of."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glue_local.clients import of_aws, of_profile
from glue_local.promote.document import Place
from glue_local.promote.kinds import KINDS, Account
from glue_local.promote.stages import Stage

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_EMULATORS = {"/_glue_local/health": "a glue-local", "/_localstack/health": "a LocalStack"}


def reach(clients: Callable[[str], Any], account: str, region: str, place: Place, profile: str | None) -> Account:
    """Return the account; raises DefinitionError, said of the stage, for an emulator and for another account."""
    sts = clients("sts")
    how = f"the profile {profile}" if profile else "the credentials that were found"
    # Each service may have an endpoint of its own: AWS_ENDPOINT_URL_S3, or services in a profile.
    used = sorted({"sts", *(kind.service for kind in KINDS.values())})
    for url in dict.fromkeys(clients(service).meta.endpoint_url for service in used):
        emulator = _emulator(url)
        if emulator:
            raise place.error(f"{how} and its endpoint lead to {url}, {emulator}, not to an AWS account")
    found = str(sts.get_caller_identity()["Account"])
    if found != account:
        raise place.error(f"{how} is in the account {found}, the stage in {account}")
    return Account(clients, region, account)


@dataclass(frozen=True)
class Credentials:
    """Whose credentials are used: a named profile's, or those that any AWS client finds where this runs."""

    profile: str | None = None
    found: bool = False
    """Whether to leave the stage's own profile out."""

    def profile_for(self, stage: Stage) -> str | None:
        """Return the profile for a stage: the one that was asked for, or the stage's own; None for those that are found."""
        return self.profile or (None if self.found else stage.profile)


def account_of(stage: Stage, credentials: Credentials) -> Account:
    """Return the account that a stage is in; raises DefinitionError as ``reach`` does."""
    profile = credentials.profile_for(stage)
    place = stage.place_of("profile" if profile and profile == stage.profile else "account")
    return account_in(stage.account, stage.region, place, profile)


def account_in(account: str, region: str, place: Place, profile: str | None) -> Account:
    """Return an account by its number and region; raises DefinitionError as ``reach`` does."""
    return reach(of_profile(profile, region), account, region, place, profile)


def _emulator(url: str) -> str | None:
    if of_aws(url):
        return None
    for path, what in _EMULATORS.items():
        try:
            with _DIRECT.open(url.rstrip("/") + path, timeout=5):
                return what
        except (urllib.error.URLError, OSError):
            continue
    return None
