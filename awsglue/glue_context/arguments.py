"""Checks of arguments that several methods of GlueContext share."""

from collections.abc import Mapping
from typing import Any

from ..options import log_ignored


def table_named(database: str | None, table_name: str | None, kwargs: Mapping[str, Any]) -> tuple[str, str]:
    """Return the database (or its alias ``name_space``) and the table; raises Exception with Glue's messages."""
    ignore_unknown(kwargs, ("name_space",))
    alias = kwargs.get("name_space")
    if database is not None and alias is not None:
        raise Exception("Parameter name_space and database are both specified, choose one.")
    if database is None and alias is None:
        raise Exception("Parameter name_space or database is missing.")
    if table_name is None:
        raise Exception("Parameter table_name is missing.")
    return str(database if database is not None else alias), table_name


def ignore_unknown(kwargs: Mapping[str, Any], known: tuple[str, ...] = ()) -> None:
    """Log unknown keyword arguments, which AWS Glue ignores: a misspelt push_down_predicate reads the whole table."""
    for name in kwargs:
        if name not in known:
            log_ignored("GlueContext", name)
