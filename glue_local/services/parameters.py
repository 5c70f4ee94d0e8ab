"""Parameters that operations do not use: those that cannot matter locally, and those that are refused."""

from collections.abc import Callable, Mapping
from typing import Any

from glue_local.core.faults import NotEmulated
from glue_local.services.context import Context

ByOperation = Mapping[str, Mapping[str, str]]
EVERY = "*"
"""Stands for every operation of a service."""


def refuse(not_emulated: ByOperation) -> Callable[[Context, str, dict[str, Any]], None]:
    """Return a check that refuses requests with a parameter that would change the result and is not honoured."""

    def check(ctx: Context, operation: str, request: dict[str, Any]) -> None:
        for name, effect in {**not_emulated.get(EVERY, {}), **not_emulated.get(operation, {})}.items():
            if request.get(name):
                raise NotEmulated(f"glue-local does not emulate {operation}.{name} ({effect}): leave it out")
        catalog = request.get("CatalogId")
        if catalog not in (None, ctx.account):
            raise NotEmulated(f"glue-local has the catalog of the caller's account {ctx.account} only, not {catalog}")

    return check
