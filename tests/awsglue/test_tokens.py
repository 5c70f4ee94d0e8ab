"""Fields of strings alone need no second look at the lines; every other field has the types it had with one."""

from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.utils import AnalysisException

from awsglue import inference, tokens
from awsglue.inference import Lines, read


@pytest.mark.parametrize(
    ("line", "made"),
    [
        (r'{"a": "x\"y: \\", "b\"c" : "z"}', r'{"a": true, "b\"c" : true}'),
        ('{"a": ["x", ":", "y:"], "": "", "b": ["",""]}', '{"a": [true, true, true], "": "", "b": ["",""]}'),
        ('{"é": "日本", "true": 1, "b": [true,false]}', '{"é": true, "true": 1, "b": [{"KEY":0},{"KEY":0}]}'),
        ('{"a": "true, {", "t": null}', '{"a": true, "t": null}'),
        ('"a string: alone"', '"a string: alone"'),
        ('["x", {"a": "y"}]', '[true, {"a": true}]'),
        (r'{"a": "x", "b": "not \q JSON", "c": "z"}', r'{"a": true, "b": "not \q JSON", "c": "z"}'),
        ('{"a": "x", "b": "cut', '{"a": true, "b": "cut'),
        ('{"a": "tab\t"}', '{"a": "tab\t"}'),
        (r'{"\u0061": "\ud83d\ude00\n"}', r'{"\u0061": true}'),
    ],
)
def test_lines_that_tell_their_strings(spark: SparkSession, line: str, made: str) -> None:
    row = spark.createDataFrame([(line,)], "value string").select(tokens.told(F.col("value"))).first()
    assert row is not None
    assert row[0] == made.replace("KEY", tokens.KEY)


LINES = [
    ['{"v": "x"}', '{"v": ""}', '{"v": null}'],
    ['{"v": ""}'],
    ['{"v": 1}', '{"v": ""}', '{"v": 3000000000}'],
    ['{"v": 1.5}', '{"v": ""}', '{"v": 2}'],
    ['{"v": true}', '{"v": ""}', '{"v": {}}'],
    ['{"v": true}', '{"v": {"x": "y"}}', '{"v": "z"}'],
    ['{"v": {}}', '{"v": "x"}', '{"w": [], "z": ["a", "b:"]}'],
    ['{"v": {"x": "y"}}', '{"v": "x"}', '{"w": [["a"], ["b", 1]]}'],
    ['{"v": "x"}', '{"v": [true, "y"]}'],
    ['"a line"', '{"v": "x"}'],
    ['"a line"'],
    ["true", '{"v": "x"}'],
    ['[{"v": "x"}, {"v": true}]', '{"v": "y"}'],
    ['[{"v": "x"}, "y"]', '[{"u": true}, true]', '{"w": "y"}'],
    [r'{"v": "x"}', r'{"v": "\q", "w": true}', '{"v": NaN, "w": 99999999999999999999}'],
    ['{"_corrupt_record": "x", "v": "y"}', "{"],
    [r'{"a\"b": "x", "日本": {"é": "\u00e9"}, "s": [{"k": "x"}, {"k": false}]}'],
]


@pytest.mark.parametrize("lines", LINES)
def test_types_are_those_of_a_look_at_everything(
    spark: SparkSession, tmp_path: Path, lines: Any, monkeypatch: Any
) -> None:
    path = tmp_path / "a.json"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def frame() -> Any:
        try:
            made = read(spark, Lines([str(path)]))
            return made.schema, made.collect()
        except (AnalysisException, KeyError) as wrong:
            return type(wrong), str(wrong)[:40]

    quick = frame()
    monkeypatch.setattr(tokens, "told", lambda _: F.lit(""))  # no field is told: everything is looked at
    assert quick == frame()


def test_strings_alone_are_looked_at_once(spark: SparkSession, tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "a.json").write_text('{"a": "x", "s": {"b": ["y", ""]}}\n')
    monkeypatch.setattr(inference, "_looked", None)
    monkeypatch.setattr("awsglue.kinds._packed", None)
    assert read(spark, Lines([str(tmp_path / "a.json")])).first() == ("x", (["y", ""],))
