"""Engine versions that a work group can select."""

from typing import Any

from glue_local.services.athena.engine import AUTO, CURRENT, effective
from glue_local.services.context import Context


def list_engine_versions(ctx: Context, request: dict[str, Any]) -> dict[str, Any]:
    """ListEngineVersions: return {EngineVersions}."""
    return {"EngineVersions": [effective({"SelectedEngineVersion": each}) for each in (AUTO, CURRENT)]}
