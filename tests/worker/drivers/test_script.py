"""How the error of a script becomes the run's message."""

from typing import Any

import pytest
from pyspark.errors import PythonException
from pyspark.sql import functions as F

from glue_local.worker.drivers.script import described


def test_an_error_in_a_python_worker_shows_the_scripts_own_error(spark: Any) -> None:
    @F.udf("string")
    def fails(value: int) -> str:
        raise ValueError(f"no name for {value}")

    with pytest.raises(PythonException) as raised:
        spark.range(1).select(fails("id")).collect()
    assert described(raised.value) == "PythonException: ValueError: no name for 0"


def test_an_error_without_a_traceback_shows_its_text() -> None:
    assert described(type("PythonException", (Exception,), {})("worker lost")) == "PythonException: worker lost"
    assert described(KeyError("a")) == "KeyError: 'a'"
