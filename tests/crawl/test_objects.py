"""Which objects a crawl sees: exclusions, hidden and empty objects, samples."""

import json

import pytest

from tests.crawl.conftest import Lake, columns

ROW = '{"a": 1}\n'


def test_hidden_and_empty_objects_and_markers_are_ignored(lake: Lake) -> None:
    lake.put(
        {
            "data/": "",
            "data/day=1/part-0.json": ROW,
            "data/day=1/_SUCCESS": "",
            "data/day=1/.part-0.json.crc": "crc",
            "data/day=1/empty.json": "",
            "data/day=2/": "",
            "data/day=3_$folder$": "x",
            "data/_temporary/0/a.json": ROW,
        }
    )
    lake.crawl()
    assert set(lake.partitions("data")) == {("1",)}
    assert lake.table()["Parameters"]["objectCount"] == "1"


@pytest.mark.parametrize(
    ("exclusions", "expected"),
    [
        (["*.csv"], {"a.json", "x/b.csv", "x/y/c.json"}),
        (["**.csv"], {"a.json", "x/y/c.json"}),
        (["x/**"], {"a.json", "b.csv"}),
        (["{a,b}.*"], {"x/b.csv", "x/y/c.json"}),
        (["?.json", "[!a].csv"], {"x/b.csv", "x/y/c.json"}),
        (["x/*/[a-c].json"], {"a.json", "b.csv", "x/b.csv"}),
    ],
)
def test_exclusions_are_globs_on_paths_in_the_target(lake: Lake, exclusions: list[str], expected: set[str]) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html#crawler-data-stores-exclude"""
    bodies = {"a.json": ROW, "b.csv": "id,n\n1,x\n", "x/b.csv": "id,n\n1,x\n", "x/y/c.json": ROW}
    lake.put({f"data/{path}": body for path, body in bodies.items()})
    lake.crawl(target={"Exclusions": exclusions})
    sizes = sum(int(table["Parameters"]["sizeKey"]) for table in lake.tables().values())
    assert sizes == sum(len(bodies[path]) for path in expected)


def test_the_sample_size_limits_the_objects_that_are_read(lake: Lake) -> None:
    """https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html (sample size)."""
    names = [f"data/{number}.json" for number in range(10)]
    lake.put(
        {name: json.dumps({"a": 1, "b": 2, "c": 3, **({"late": 1} if name == names[-1] else {})}) for name in names}
    )
    lake.crawl(target={"SampleSize": 1})
    table = lake.table()
    assert columns(table) == {"a": "int", "b": "int", "c": "int"}
    assert (table["Parameters"]["objectCount"], table["Parameters"]["recordCount"]) == ("10", "10")
    lake.crawl()
    assert "late" in columns(lake.table())
