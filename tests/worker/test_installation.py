"""Where an installed Spark has its Python files and defaults."""

import importlib.util
from pathlib import Path

import pytest

from glue_local.worker.installation import spark_defaults, spark_python


def test_sparks_python_files_are_used_if_pyspark_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python" / "lib").mkdir(parents=True)
    archive = tmp_path / "python" / "lib" / "py4j-0.10.9.7-src.zip"
    archive.touch()
    env = {"SPARK_HOME": str(tmp_path)}
    assert spark_python(env) == []  # these tests have PySpark installed
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert spark_python(env) == [str(tmp_path / "python"), str(archive)]
    assert spark_python({}) == []


def test_defaults_are_read_as_spark_reads_them(tmp_path: Path) -> None:
    text = "# comment\n! too\n\nspark.a   1 2\nspark.b=x=y\nspark.c:\t-Dk=v \n  spark.d  '/a b'\n"
    (tmp_path / "spark-defaults.conf").write_text(text)
    read = spark_defaults({"SPARK_CONF_DIR": str(tmp_path), "SPARK_HOME": "/nowhere"})
    assert read == {"spark.a": "1 2", "spark.b": "x=y", "spark.c": "-Dk=v", "spark.d": "'/a b'"}
    assert spark_defaults({}) == spark_defaults({"SPARK_HOME": "/nowhere"}) == {}
