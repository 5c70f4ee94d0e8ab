"""The supported Athena engine version, and the AWS versions that are refused by name."""

from glue_local.core.faults import Invalid, NotEmulated
from glue_local.store import Document

CURRENT = "Athena engine version 3"
AUTO = "AUTO"
_OTHERS = ("Athena engine version 2", "PySpark engine version 3", "Apache Spark version 3.5")


def effective(given: Document) -> Document:
    """Return an EngineVersion whose EffectiveEngineVersion is the engine that runs the query."""
    return {"SelectedEngineVersion": given.get("SelectedEngineVersion", AUTO), "EffectiveEngineVersion": CURRENT}


def check_engine(selected: str) -> None:
    """Refuse an engine version that is unsupported or unknown."""
    if selected in _OTHERS:
        raise NotEmulated(f"glue-local does not emulate {selected}: select {CURRENT}")
    if selected not in (AUTO, CURRENT):
        raise Invalid(f"{selected} is not a valid engine version")
