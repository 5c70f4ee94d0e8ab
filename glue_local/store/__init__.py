"""The persistent state: documents in one SQLite file, which one server process owns."""

from glue_local.store.conditions import Condition
from glue_local.store.documents import Document, Documents, Key, Store, order
from glue_local.store.state_file import Unusable

__all__ = ["Condition", "Document", "Documents", "Key", "Store", "Unusable", "order"]
