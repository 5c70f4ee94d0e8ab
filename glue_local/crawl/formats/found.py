"""What a classifier finds in a file."""

from dataclasses import dataclass, field

from glue_local.crawl.types import Columns

UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Found:
    """The format of a file, its columns in order, and an estimate of its records.

    ``serde`` are parameters of its SerDe, ``parameters`` further ones of its table; files are compatible only if the
    names and values in ``serde`` and ``parameters`` that are in ``layout`` are equal.
    """

    classification: str
    compression: str = "none"
    columns: Columns = field(default_factory=dict)
    records: float = 0.0
    record_size: float = 0.0
    """The average size of a record in bytes, uncompressed."""
    serde: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    layout: tuple[str, ...] = ()
    storage: str = ""
    """The name of its SerDe and formats in definitions.py, if it is not the classification."""
    certainty: float = 1.0
    """How certain the classifier is; only that of a custom classifier may be less than 1."""

    @property
    def format(self) -> tuple[str, ...]:
        """What two files must have in common to be in one table, whatever their columns."""
        return self.classification, self.compression, *self.layout
