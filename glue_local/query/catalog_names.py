"""Athena's names for the account's Glue Data Catalog."""

from glue_local.query.session import CATALOG, Session

ARN = "glue:arn:"


def trino_catalog(name: str, session: Session) -> str | None:
    """Return Trino's name of a catalog, None for one that is not this account's Glue catalog.

    ``name``: AwsDataCatalog in any case, the account's id, the ARN form ``glue:arn:aws:glue:us-east-1:111122223333:catalog``,
    or the name of a data catalog registered with CreateDataCatalog.
    https://docs.aws.amazon.com/athena/latest/ug/querying-glue-catalog.html
    """
    asked = name.lower()
    arn = f"glue:arn:aws:glue:{session.region}:{session.account}:catalog"
    if asked in (CATALOG, session.account, arn):
        return session.catalog
    return session.catalogs.get(asked)


def is_foreign(name: str, session: Session) -> bool:
    """Whether a name is the ARN form of another account's catalog."""
    return name.lower().startswith(ARN) and trino_catalog(name, session) is None
