"""CREATE VIEW: https://docs.aws.amazon.com/athena/latest/ug/create-view.html"""

from glue_local.query.description import results
from glue_local.query.hive import failures, types
from glue_local.query.hive.cursor import Cursor
from glue_local.query.hive.dialects import TrinoStatements
from glue_local.query.rewrite.catalog_names import rewrite_catalog_names
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import glue_catalog, views

OPENING = "CREATE [or-replace] VIEW|PROTECTED"
DIALECT = TrinoStatements


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    cursor.expect("CREATE")
    cursor.accept("OR", "REPLACE")
    if cursor.accept("PROTECTED"):
        raise failures.not_implemented("CREATE PROTECTED MULTI DIALECT VIEW", views.NO_DATA_CATALOG_VIEWS)
    cursor.expect("VIEW")
    name = cursor.table(double_quotes=True)
    session.run(rewrite_catalog_names(cursor.sql.rstrip().rstrip(";"), session))
    _show_columns(glue_catalog.table(name, session), session)
    return results.done("CREATE_VIEW")


def _show_columns(view: glue_catalog.Table, session: Session) -> None:
    """Store the view's columns in the catalog for Athena's clients; Trino only stores a dummy column."""
    # Trino cannot read the view if the catalog has a type that Hive does not support.
    columns = [{"Name": name, "Type": types.of_trino(kind) or "string"} for name, kind in views.columns(view)]
    glue_catalog.update(
        {**view, "StorageDescriptor": {**view.get("StorageDescriptor", {}), "Columns": columns}}, session
    )
