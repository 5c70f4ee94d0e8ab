"""What GlueContext's methods check alike about their arguments."""

from collections.abc import Mapping
from typing import Any


def table_named(database: str | None, table_name: str | None, kwargs: Mapping[str, Any]) -> tuple[str, str]:
    """Return the database, also by its other name ``name_space``, and the table; raises Exception as Glue words it."""
    refuse_unknown(kwargs, ("name_space",))
    alias = kwargs.get("name_space")
    if database is not None and alias is not None:
        raise Exception("Parameter name_space and database are both specified, choose one.")
    if database is None and alias is None:
        raise Exception("Parameter name_space or database is missing.")
    if table_name is None:
        raise Exception("Parameter table_name is missing.")
    return str(database if database is not None else alias), table_name


def refuse_unknown(kwargs: Mapping[str, Any], known: tuple[str, ...] = ()) -> None:
    """Raise TypeError for a keyword that nothing reads.

    Glue passes them over; a misspelt push_down_predicate would read the whole table.
    """
    unknown = [name for name in kwargs if name not in known]
    if unknown:
        raise TypeError(f"unexpected keyword argument {unknown[0]!r}")
