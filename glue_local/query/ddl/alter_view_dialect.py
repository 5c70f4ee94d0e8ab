"""ALTER VIEW DIALECT: https://docs.aws.amazon.com/athena/latest/ug/alter-view-dialect.html"""

from glue_local.query.hive import failures
from glue_local.query.hive.cursor import Cursor
from glue_local.query.session import Session
from glue_local.query.statement import Outcome
from glue_local.query.stored import views

OPENING = "ALTER VIEW"


def carry_out(cursor: Cursor, session: Session) -> Outcome:
    raise failures.not_implemented("ALTER VIEW DIALECT", views.NO_DATA_CATALOG_VIEWS)
