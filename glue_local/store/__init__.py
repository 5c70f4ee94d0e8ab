"""The persistent state: documents in one SQLite file, which one server process owns."""

from glue_local.store.documents import Document, Documents, Key, Store, order
from glue_local.store.state_file import Unusable

__all__ = ["Document", "Documents", "Key", "Store", "Unusable", "order"]
