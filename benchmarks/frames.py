"""DynamicFrame transforms compared with DataFrame expressions, and type inference of JSON compared with Spark's."""

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from awsglue.context import GlueContext
from awsglue.dynamicframe import DynamicFrame
from awsglue.json_types.inference import JsonFiles, read
from benchmarks.figures import Figure, seconds

ROWS, ROUNDS = 1_000_000, 5
GIGABYTE = 10**9
Pair = tuple[Callable[[DynamicFrame], DynamicFrame], Callable[[DataFrame], DataFrame]]
PAIRS: dict[str, Pair] = {
    "apply_mapping": (
        lambda f: f.apply_mapping([("id", "long", "key", "string"), ("s.x", "long", "x", "int")]),
        lambda d: d.select(F.col("id").cast("string").alias("key"), F.col("s.x").cast("int").alias("x")),
    ),
    "drop_fields": (
        lambda f: f.drop_fields(["s.x", "text"]),
        lambda d: d.drop("text").withColumn("s", F.col("s").dropFields("x")),
    ),
    "unnest": (
        lambda f: f.unnest(),
        lambda d: d.select("id", "text", F.col("s.x").alias("s.x"), F.col("s.y").alias("s.y"), "l"),
    ),
    "union": (lambda f: f.union(f), lambda d: d.union(d)),
    "join": (
        lambda f: f.join(["id"], ["key"], f.apply_mapping([("id", "long", "key", "long")])),
        lambda d: d.join(d.select(F.col("id").alias("key")), F.col("id") == F.col("key")),
    ),
    "split_rows": (
        lambda f: f.split_rows({"id": {">": 10}}, "a", "b")["a"],
        lambda d: d.where("id > 10"),
    ),
    "filter": (
        lambda f: f.filter(lambda record: record["id"] % 2 == 0),
        lambda d: d.where(F.udf(lambda row: row["id"] % 2 == 0, "boolean")(F.struct(*d.columns))),
    ),
}


def measure() -> Iterator[Figure]:
    """Run both alternately, so that they see the same machine, and compare their fastest rounds."""
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    session.conf.set("spark.sql.shuffle.partitions", "4")
    session.conf.set("spark.sql.autoBroadcastJoinThreshold", "-1")
    context = GlueContext(session)
    with tempfile.TemporaryDirectory() as folder:
        yield from _transforms(session, context, folder)
        yield from _inference(session, Path(folder))
    session.stop()


def _transforms(session: SparkSession, context: GlueContext, folder: str) -> Iterator[Figure]:
    rows = session.range(ROWS).select(
        "id",
        F.concat(F.lit("text "), F.col("id")).alias("text"),
        F.struct(F.col("id").alias("x"), F.lit("y").alias("y")).alias("s"),
        F.array(F.lit(1), F.lit(2)).alias("l"),
    )
    rows.write.parquet(f"{folder}/rows")
    data = session.read.parquet(f"{folder}/rows")
    for name, (ours, theirs) in PAIRS.items():
        frame = DynamicFrame.fromDF(data, context)
        ratio = _ratio(lambda ours=ours, frame=frame: _run(ours(frame).toDF()), lambda t=theirs: _run(t(data)))
        # Constant cost: Python and Spark's analyser process the expressions.
        built = min(seconds(lambda ours=ours, frame=frame: ours(frame).toDF()) for _ in range(ROUNDS))
        detail = f"compared with the DataFrame's own, {ROWS} records; {1000 * built:.0f} ms of constant cost"
        yield Figure(f"DynamicFrame.{name}", f"{ratio:.2f}×", "≤ 1.10×", ratio <= 1.10, detail)


def _inference(session: SparkSession, folder: Path) -> Iterator[Figure]:
    files: dict[str, tuple[int, Callable[[int], dict[str, Any]]]] = {
        "of one type each": (300_000, lambda n: _document(n, False)),
        "with a choice": (300_000, lambda n: _document(n, True)),
        "2 000 a record": (
            2_000,
            lambda n: {f"c{place}": n * place if place % 2 else f"w{n}" for place in range(2_000)},
        ),
    }
    for name, (records, document) in files.items():
        path = folder / f"{name}.json"
        chunk = b"".join(json.dumps(document(n)).encode() + b"\n" for n in range(records))
        with path.open("wb") as file:
            for _ in range(-(-GIGABYTE // len(chunk))):
                file.write(chunk)
        ratio = _ratio(
            lambda path=path: read(session, JsonFiles([str(path)])),
            lambda path=path: session.read.json(str(path)),
            rounds=3,
        )
        size = path.stat().st_size / 10**9
        path.unlink()
        what = f"types of JSON, fields {name}"
        yield Figure(what, f"{ratio:.2f}×", "≤ 2×", ratio <= 2, f"compared with spark.read.json, {size:.1f} GB")


def _document(n: int, mixed: bool) -> dict[str, Any]:
    plain = {f"s{place}": f"word {n + place}" for place in range(8)} | {f"n{place}": n * place for place in range(8)}
    price: Any = f"{n}" if mixed and n % 100 == 0 else n
    return {**plain, "d": n / 7, "b": n % 2 == 0, "o": {"x": n, "l": [n, n + 1]}, "price": price}


def _run(frame: DataFrame) -> None:
    frame.write.format("noop").mode("overwrite").save()


def _ratio(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    return min(one for one, _ in times) / min(one for _, one in times)
