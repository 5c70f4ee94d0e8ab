"""Check that the optional packages a delivery stream needs are installed before the stream is created."""

from glue_local.core.faults import NotEmulated
from glue_local.prerequisites import extras


def check_extra(extra: str, what: str) -> None:
    """Raise NotEmulated if a package of ``extra`` that ``what`` needs is missing or too old."""
    if lacking := extras.lacking(extra):
        raise NotEmulated(f"{what} needs {lacking}: run pip install 'glue-local[{extra}]' where glue-local runs.")
