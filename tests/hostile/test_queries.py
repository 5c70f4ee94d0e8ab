"""Any text ends in a state, and a failure has a message and a category; generated from valid statements. One seed gives one sequence."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from tests.query.asking import Asking, asking

pytestmark = pytest.mark.engine

COUNT, AT_ONCE = 150, 4
STATEMENTS = (
    "SELECT id, name FROM t WHERE y = 2020 ORDER BY id LIMIT 5",
    "WITH a AS (SELECT max(id) AS id FROM t) SELECT * FROM a JOIN t USING (id)",
    "INSERT INTO t VALUES (1, 'x', 2020)",
    "CREATE TABLE c WITH (format = 'PARQUET', partitioned_by = ARRAY['y']) AS SELECT * FROM t",
    "CREATE EXTERNAL TABLE IF NOT EXISTS e (a int COMMENT 'x', b struct<c:array<string>>) PARTITIONED BY (d date) "
    "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://{bucket}/e/' TBLPROPERTIES ('a' = 'b')",
    "CREATE TABLE i (a int, b timestamp) PARTITIONED BY (day(b)) LOCATION 's3://{bucket}/i/' TBLPROPERTIES ('table_type' = 'ICEBERG')",
    "CREATE OR REPLACE VIEW v AS SELECT id FROM t",
    "ALTER TABLE t ADD IF NOT EXISTS PARTITION (y = 2021) LOCATION 's3://{bucket}/t/y=2021/'",
    "ALTER TABLE t ADD COLUMNS (more decimal(10, 2))",
    "ALTER TABLE t SET TBLPROPERTIES ('projection.enabled' = 'false')",
    "MSCK REPAIR TABLE t",
    "SHOW PARTITIONS t",
    "SHOW CREATE TABLE t",
    "SHOW TABLES IN `{database}` 't*'",
    "DESCRIBE FORMATTED t PARTITION (y = 2020)",
    "UNLOAD (SELECT * FROM t) TO 's3://{bucket}/unloaded/' WITH (format = 'JSON')",
    "OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE y = 2020",
    "VACUUM t",
    "PREPARE p FROM SELECT * FROM t WHERE id = ?",
    "EXECUTE p USING 1",
    "EXPLAIN (FORMAT JSON) SELECT count(*) FROM t",
    "MERGE INTO t USING v ON t.id = v.id WHEN MATCHED THEN DELETE",
    "DROP TABLE IF EXISTS c",
)
HOSTILE = (
    "'", '"', "`", "(", ")", "[", "--", "/*", "*/", ";", "\\", "\0", "?", "??", "{}", "${x}", "%s", "\u2028", "é", "\U0001f600", "NULL",
    "1e999", "-9223372036854775809", "0x", "''", '""', "``", ".", "..", "a.b.c.d", "$partitions", "system.runtime.nodes", "jmx",
    "x" * 5000, "(" * 200, "SELECT", "TABLE", "PARTITION", "AS", "ARRAY[]", "map()", "row()", "s3://", "../", "\t", "\r\n",
)  # fmt: skip
# Text that only a defect in glue-local would put into a message.
DEFECT = re.compile(
    r"Traceback|glue_local|GENERIC_INTERNAL_ERROR|KeyError|TypeError|AttributeError|IndexError|ValueError"
)


@pytest.fixture
def ask(athena_aws: Callable[..., Any]) -> Asking:
    ask = asking(athena_aws)
    ask.succeed(
        f"CREATE EXTERNAL TABLE t (id int, name string) PARTITIONED BY (y int) STORED AS PARQUET LOCATION 's3://{ask.bucket}/t/'"
    )
    ask.succeed("INSERT INTO t VALUES (1, 'x', 2020), (2, 'y', 2021)")
    return ask


def mutated(random: Random, statement: str) -> str:
    """Return a statement with some tokens removed, repeated, exchanged or replaced."""
    tokens = re.findall(r"\w+|\s+|[^\w\s]", statement)
    for _ in range(random.choice((0, 1, 1, 2, 4))):
        at, other = random.randrange(len(tokens)), random.randrange(len(tokens))
        match random.randrange(5):
            case 0:
                tokens[at] = ""
            case 1:
                tokens.insert(at, tokens[other])
            case 2:
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 3:
                tokens[at] = random.choice(HOSTILE)
            case 4:
                tokens.insert(at, random.choice(HOSTILE))
    return "".join(tokens)


def test_any_text_ends_with_a_message(ask: Asking) -> None:
    random = Random(COUNT)
    names = {"{bucket}": ask.bucket, "{database}": ask.database}
    texts = []
    for number in range(COUNT):
        statement = STATEMENTS[number % len(STATEMENTS)]
        for name, value in names.items():
            statement = statement.replace(name, value)
        texts.append(mutated(random, statement))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ended = list(pool.map(ask.run, texts))
    for text, query in zip(texts, ended, strict=True):
        status = query["Status"]
        assert status["State"] in ("SUCCEEDED", "FAILED"), (text, status)
        if status["State"] == "FAILED":
            assert status["StateChangeReason"] == status["AthenaError"]["ErrorMessage"], (text, status)
            assert not DEFECT.search(status["StateChangeReason"]), (text, status)
    states = [query["Status"]["State"] for query in ended]
    assert min(map(states.count, ("SUCCEEDED", "FAILED"))) > COUNT // 10, "both outcomes occur"
    assert ask.rows("SELECT 1")[1:] == [["1"]]
