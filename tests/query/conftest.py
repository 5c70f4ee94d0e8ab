"""A query session in the test's own account, whose engine only records statements."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import pytest

from glue_local.query.ddl import carry_out
from glue_local.query.failure import QueryFailed
from glue_local.query.session import CATALOG, Session
from glue_local.query.statement import Outcome, Rows


@dataclass
class Engine:
    """Records statements and their session properties; returns ``answers`` in order."""

    statements: list[str] = field(default_factory=list)
    properties: list[Mapping[str, str]] = field(default_factory=list)
    answers: list[Rows] = field(default_factory=list)

    def __call__(self, sql: str, *, properties: Mapping[str, str] | None = None) -> Rows:
        self.statements.append(sql)
        self.properties.append(dict(properties or {}))
        return self.answers.pop(0) if self.answers else Rows()


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def session(aws: Callable[..., Any], request: pytest.FixtureRequest, engine: Engine) -> Session:
    """The test's account, with database ``db`` and bucket ``<account>-data``."""
    account = f"{crc32(request.node.nodeid.encode()):012d}"
    glue, s3 = aws("glue", account), aws("s3", account)
    glue.create_database(DatabaseInput={"Name": "db"})
    s3.create_bucket(Bucket=f"{account}-data")
    return Session(
        glue=glue,
        s3=s3,
        run=engine,
        database="db",
        catalog=CATALOG,
        account=account,
        region="us-east-1",
        query_id="6a9a2d4e-0000-4000-8000-000000000001",
        output_location=f"s3://{account}-data/results/",
        now=1587610521.0,
    )


@pytest.fixture
def nowhere(engine: Engine) -> Session:
    """A session without a server, for statements that do not need one."""
    return Session(None, None, engine, "db", CATALOG, "111122223333", "us-east-1", "id", "s3://results/")


@pytest.fixture
def bucket(session: Session) -> str:
    return f"{session.account}-data"


@pytest.fixture
def run(session: Session) -> Callable[[str], Outcome]:
    """Execute a statement that Athena adds to Trino."""

    def carried_out(sql: str) -> Outcome:
        outcome = carry_out(sql, session)
        assert outcome is not None, f"not ours: {sql}"
        return outcome

    return carried_out


@pytest.fixture
def failure(run: Callable[[str], Outcome]) -> Callable[[str], str]:
    """Return the message of a failing statement."""

    def message(sql: str) -> str:
        with pytest.raises(QueryFailed) as caught:
            run(sql)
        return caught.value.message

    return message


@pytest.fixture
def table(session: Session) -> Callable[[str], dict[str, Any]]:
    """Return GetTable's Table."""

    def get(name: str) -> dict[str, Any]:
        found: dict[str, Any] = session.glue.get_table(DatabaseName="db", Name=name)["Table"]
        return found

    return get


@pytest.fixture
def put(session: Session, bucket: str) -> Callable[..., None]:
    """Write objects, ``put("t/y=1/a.json", …)``."""

    def write(*keys: str) -> None:
        for key in keys:
            session.s3.put_object(Bucket=bucket, Key=key, Body=b"x")

    return write
