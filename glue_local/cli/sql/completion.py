"""Completion at the prompt: keywords, databases, tables, and columns of the tables named in the line."""

import readline
from collections.abc import Callable, Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from sqlglot.dialects import Athena

# Single words: "GROUP BY" is two completions.
_KEYWORDS = sorted({word for each in Athena().tokenizer_class.KEYWORDS for word in each.split() if word.isalpha()})


class Completer:
    """Completes words with keywords and the catalog's names, which are read once per database."""

    def __init__(self, clients: Callable[[str], Any], database: Callable[[], str]) -> None:
        self._clients, self._database = clients, database
        self._tables: dict[str, dict[str, list[str]]] = {}
        self._databases: list[str] = []
        self._found: list[str] = []

    def complete(self, word: str, state: int) -> str | None:
        """Return the n-th completion of a word, as readline asks."""
        if state == 0:
            try:
                self._found = sorted(set(self.completions(word, readline.get_line_buffer())))
            except (BotoCoreError, ClientError):
                self._found = []  # the server does not respond: offer no completions
        return self._found[state] if state < len(self._found) else None

    def completions(self, word: str, line: str) -> Iterator[str]:
        """Yield the completions of a word in a line."""
        head, dot, tail = word.rpartition(".")
        if dot:
            yield from (f"{head}.{name}" for name in self._children(head.lower()) if name.startswith(tail.lower()))
            return
        upper = word.isupper() or not word
        keywords = (each if upper else each.lower() for each in _KEYWORDS)
        yield from (f"{each} " for each in keywords if word and each.startswith(word))
        tables = self._tables_in(self._database())
        names = [
            *tables,
            *self._all_databases(),
            *(column for table in tables if table in line for column in tables[table]),
        ]
        yield from (name for name in names if name.startswith(word.lower()))

    def _children(self, name: str) -> list[str]:
        """Return the tables of a database, or the columns of a table."""
        if name in self._all_databases():
            return list(self._tables_in(name))
        return self._tables_in(self._database()).get(name, [])

    def _all_databases(self) -> list[str]:
        if not self._databases:
            pages = self._clients("glue").get_paginator("get_databases").paginate()
            self._databases = [each["Name"] for page in pages for each in page["DatabaseList"]]
        return self._databases

    def _tables_in(self, database: str) -> dict[str, list[str]]:
        if database not in self._tables:
            pages = self._clients("glue").get_paginator("get_tables").paginate(DatabaseName=database)
            try:
                found = [table for page in pages for table in page["TableList"]]
            except ClientError:
                found = []  # the database does not exist
            self._tables[database] = {table["Name"]: _columns(table) for table in found}
        return self._tables[database]


def _columns(table: dict[str, Any]) -> list[str]:
    columns = table.get("StorageDescriptor", {}).get("Columns", [])
    return [column["Name"] for column in (*columns, *table.get("PartitionKeys", []))]
