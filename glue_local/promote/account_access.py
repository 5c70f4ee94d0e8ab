"""Connect to a stage's AWS account and verify that it is the right one."""

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glue_local.client.clients import of_aws, of_profile
from glue_local.promote.definition.document import Place
from glue_local.promote.definition.stages import Stage
from glue_local.promote.kinds import KINDS, Account

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_EMULATORS = {"/_glue_local/health": "a glue-local server", "/_localstack/health": "a LocalStack server"}


def verified_account(
    clients: Callable[[str], Any], account: str, region: str, place: Place, profile: str | None
) -> Account:
    """Return the account; raises DefinitionError if the clients reach an emulator or another account."""
    sts = clients("sts")
    source = f"the profile {profile}" if profile else "the default credentials"
    # Each service may have its own endpoint: AWS_ENDPOINT_URL_S3, or services in a profile.
    used = sorted({"sts", *(kind.service for kind in KINDS.values())})
    for url in dict.fromkeys(clients(service).meta.endpoint_url for service in used):
        emulator = _emulator(url)
        if emulator:
            raise place.error(f"{source}: the endpoint {url} is {emulator}, not AWS")
    found = str(sts.get_caller_identity()["Account"])
    if found != account:
        raise place.error(f"{source}: the account is {found}, but the stage is in {account}")
    return Account(clients, region, account)


@dataclass(frozen=True)
class Credentials:
    """The credentials to use: a profile's, or those of the default credential chain."""

    profile: str | None = None
    ignore_stage_profile: bool = False
    """Whether to use the default credential chain instead of the stage's profile."""

    def profile_for(self, stage: Stage) -> str | None:
        """Return the profile for a stage, or None for the default credential chain."""
        return self.profile or (None if self.ignore_stage_profile else stage.profile)


def account_of(stage: Stage, credentials: Credentials) -> Account:
    """Return a stage's account; raises DefinitionError like ``verified_account``."""
    profile = credentials.profile_for(stage)
    place = stage.place_of("profile" if profile and profile == stage.profile else "account")
    return account_in(stage.account, stage.region, place, profile)


def account_in(account: str, region: str, place: Place, profile: str | None) -> Account:
    """Return an account by number and region; raises DefinitionError like ``verified_account``."""
    return verified_account(of_profile(profile, region), account, region, place, profile)


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
