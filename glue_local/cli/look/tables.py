"""``glue-local tables`` and ``head``: list tables, and show the first rows of one without an engine."""

from itertools import islice
from typing import Annotated, Any

import typer

from glue_local.cli.look.table_rows import rows_of
from glue_local.cli.shared.endpoints import endpoint
from glue_local.cli.shared.error_messages import CommandError
from glue_local.cli.shared.listing import AsJson, records, show
from glue_local.cli.shared.options import EndpointUrl, Port
from glue_local.cli.shared.suggestions import databases, suggesting, tables
from glue_local.client.clients import local

app = typer.Typer(add_completion=False)


@app.command(name="tables")
def list_tables(
    database: Annotated[str | None, typer.Argument(help="Name of the database.", show_default="all databases")] = None,
    as_json: AsJson = False,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """List the tables of a database, or of all databases."""
    glue = local("glue", endpoint_url=endpoint(port, endpoint_url))
    rows = [row for name in ([database] if database else databases(glue)) for row in _tables(glue, name)]
    columns = {"table": "Name", "format": "Classification", "#columns": "Columns", "partitions": "Keys", "location": "Location"}  # fmt: skip
    shown = rows if as_json else [{**row, "Columns": len(row["Columns"])} for row in rows]
    where = f"database {database} has" if database else "there are"
    show(shown, columns, as_json, f"{where} no tables: a crawler, a seed or `glue-local provision` creates them")


@app.command(name="head")
def head(
    table: Annotated[str, typer.Argument(metavar="DATABASE.TABLE", help="Name of the table.")],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Number of rows.")] = 10,
    as_json: AsJson = False,
    port: Port = None,
    endpoint_url: EndpointUrl = None,
) -> None:
    """Show the first rows of a table, read from its files. `glue-local sql` queries it."""
    database, dot, name = table.partition(".")
    if not dot or not database or not name:
        raise CommandError(f"{table} is not DATABASE.TABLE: `glue-local tables` lists the tables")
    url = endpoint(port, endpoint_url)
    glue = local("glue", endpoint_url=url)
    with _existing_database(glue, database):
        glue.get_database(Name=database)
    hint = f"`glue-local tables {database}` lists the tables"
    with suggesting("table", table, lambda: [f"{database}.{each}" for each in tables(glue, database)], hint):
        found = glue.get_table(DatabaseName=database, Name=name)["Table"]
    rows = list(islice(rows_of(found, glue, local("s3", endpoint_url=url)), limit))
    location = found.get("StorageDescriptor", {}).get("Location")
    records(rows, as_json, f"{table} has no rows: `glue-local ls {location}` shows its files")


def _existing_database(glue: Any, name: str) -> Any:
    return suggesting(
        "database", name, lambda: databases(glue), "`glue-local tables` lists the tables of all databases"
    )


def _tables(glue: Any, database: str) -> list[dict[str, Any]]:
    with _existing_database(glue, database):
        pages = list(glue.get_paginator("get_tables").paginate(DatabaseName=database))
    return [_table(table) for page in pages for table in page["TableList"]]


def _table(table: dict[str, Any]) -> dict[str, Any]:
    descriptor = table.get("StorageDescriptor", {})
    return {
        "Name": f"{table['DatabaseName']}.{table['Name']}",
        "Classification": table.get("Parameters", {}).get("classification"),
        "Columns": [{"Name": each["Name"], "Type": each.get("Type")} for each in descriptor.get("Columns", [])],
        "Keys": ", ".join(key["Name"] for key in table.get("PartitionKeys", [])),
        "Location": descriptor.get("Location"),
    }
