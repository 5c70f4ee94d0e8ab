"""Parameters that operations do not use: those without a local effect, and those that are refused."""

from collections.abc import Callable, Mapping
from typing import Any

from glue_local.core.faults import NotEmulated
from glue_local.services.context import Context

ByOperation = Mapping[str, Mapping[str, str]]
EVERY = "*"
"""Matches every operation of a service."""


def refuse(not_emulated: ByOperation) -> Callable[[Context, str, dict[str, Any]], None]:
    """Return a check that refuses requests with an unsupported parameter that would change the result."""

    def check(ctx: Context, operation: str, request: dict[str, Any]) -> None:
        for name, effect in {**not_emulated.get(EVERY, {}), **not_emulated.get(operation, {})}.items():
            if request.get(name):
                raise NotEmulated(f"glue-local does not emulate {operation}.{name} ({effect}): leave it out")
        catalog = request.get("CatalogId")
        if catalog not in (None, ctx.account):
            raise NotEmulated(
                f"glue-local only has the Data Catalog of the caller's account {ctx.account}, not {catalog}"
            )

    return check
