"""SQLAlchemy on PyAthena: create a table, insert, select and reflect it. Prints the results as JSON."""

import functools
import json
import os
from urllib.parse import quote_plus

import sqlalchemy as sa
from pyarrow import fs
from pyathena.sqlalchemy.types import AthenaStruct
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

DATABASE, STAGING = os.environ["DATABASE"], os.environ["STAGING"]
# The Arrow driver reads S3 with pyarrow, to which PyAthena passes no endpoint.
fs.S3FileSystem = functools.partial(fs.S3FileSystem, endpoint_override=os.environ["AWS_ENDPOINT_URL"])
URL = "awsathena+{driver}://@athena.us-east-1.amazonaws.com:443/{database}?s3_staging_dir={staging}&poll_interval=0.05"


PASSING = sa.Table(
    "passing", sa.MetaData(), sa.Column("id", sa.Integer), awsathena_location=f"{STAGING}tables/passing/"
)


class Base(DeclarativeBase):
    pass


class Site(Base):
    __tablename__ = "sites"
    __table_args__ = {
        "awsathena_location": f"{STAGING}tables/sites/",
        "awsathena_tblproperties": {"table_type": "ICEBERG"},
        "comment": "counting sites",
    }
    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String, comment="of the road")
    length: Mapped[float | None] = mapped_column(sa.Double)


def engine_of(driver: str) -> sa.Engine:
    return sa.create_engine(URL.format(driver=driver, database=DATABASE, staging=quote_plus(STAGING)))


def main() -> None:
    engine = engine_of("rest")
    Base.metadata.create_all(engine)
    PASSING.metadata.create_all(engine)
    created = sa.inspect(engine).has_table("passing")
    PASSING.metadata.drop_all(engine)
    with Session(engine) as session:
        session.add_all([Site(id=1, name="E40", length=1.5), Site(id=2, name="R0 'ring'", length=None)])
        session.commit()
        found = session.scalars(sa.select(Site).where(Site.name.like("%ring%"))).one()
        by_orm = [found.id, found.name, found.length]
    inspector = sa.inspect(engine)
    reflected = sa.Table("readings", sa.MetaData(), autoload_with=engine)
    answers = {}
    for driver in ("rest", "pandas", "arrow", "polars", "s3fs"):
        with engine_of(driver).connect() as connection:
            rows = connection.execute(sa.select(reflected.c.id, reflected.c.name).order_by(reflected.c.id)).all()
            # pandas has NaN where a value is missing.
            answers[driver] = [[int(row.id), row.name if isinstance(row.name, str) else None] for row in rows]
    with engine.connect() as connection:
        joined = connection.execute(
            sa.select(sa.func.count()).select_from(reflected).join(Site, Site.id == reflected.c.id)
        ).scalar_one()
        connection.execute(sa.text("CREATE OR REPLACE VIEW longest AS SELECT max(length) AS length FROM sites"))
    print(
        json.dumps(
            {
                "by orm": by_orm,
                "schemas": inspector.get_schema_names(),
                "tables": sa.inspect(engine).get_table_names(),
                "views": sa.inspect(engine).get_view_names(),
                "definition": sa.inspect(engine).get_view_definition("longest"),
                "passing": [created, inspector.has_table("passing")],
                "has": [inspector.has_table("sites"), inspector.has_table("nowhere")],
                "columns": {
                    table: {each["name"]: str(each["type"]) for each in inspector.get_columns(table)}
                    for table in ("readings", "sites")
                },
                "comment": inspector.get_table_comment("sites"),
                "options": {key: str(value) for key, value in inspector.get_table_options("readings").items()},
                "partitioned by": [c.name for c in reflected.columns if c.dialect_options["awsathena"]["partition"]],
                "struct": isinstance(reflected.c.place.type, AthenaStruct),
                "rows": answers,
                "joined": joined,
            },
            default=str,
        )
    )


if __name__ == "__main__":
    main()
