"""Error records as in Glue: which failures drop a record, which make it an error record, and thresholds."""

from typing import Any

import pytest

RECORDS = ('{"a": 1}', '{"a": 2}', '{"a": 3}')


def failing(error: type[Exception]) -> Any:
    def f(record: Any) -> Any:
        if record["a"] == 2:
            raise error("two")
        return record

    return f


@pytest.mark.parametrize("error", [KeyError, ValueError, TypeError])
def test_filter_drops_records_silently_as_glue_does(frame: Any, error: type[Exception]) -> None:
    kept = frame(*RECORDS).filter(failing(error))
    assert (kept.count(), kept.errorsCount()) == (2, 0)


def test_other_exceptions_in_filter_become_error_records(frame: Any) -> None:
    kept = frame(*RECORDS).filter(failing(RuntimeError), info="my filter")
    assert (kept.count(), kept.stageErrorsCount()) == (2, 1)
    error = kept.errorsAsDynamicFrame().toDF().head()["error"]
    assert (error["msg"], error["callsite"]["info"]) == ("two", "my filter")
    assert error["dynamicRecord"]["a"] == 2
    assert "RuntimeError" in error["stackTrace"]
    assert "test_errors.py" in error["callsite"]["site"]


def test_exceptions_and_none_in_map_become_error_records(frame: Any, rows: Any) -> None:
    failed = frame(*RECORDS).map(failing(KeyError))
    assert rows(failed) == [{"a": 1}, {"a": 3}]
    assert failed.errorsCount() == 1
    nothing = frame(*RECORDS).map(lambda record: record if record["a"] > 1 else None)
    error = nothing.errorsAsDynamicFrame().toDF().head()["error"]
    assert error["msg"] == "User-specified function returned None instead of DynamicRecord"
    assert error["dynamicRecord"]["a"] == 1


def test_errors_are_counted_over_all_steps(frame: Any) -> None:
    first = frame(*RECORDS).map(failing(RuntimeError))
    second = first.map(lambda record: None if record["a"] == 3 else record)
    assert (second.count(), second.stageErrorsCount(), second.errorsCount()) == (1, 1, 2)
    assert second.errorsAsDynamicFrame().count() == 2


def test_map_partitions_receives_and_returns_errors(frame: Any, rows: Any) -> None:
    def marked(records: Any) -> Any:
        for one in records:
            bad = one["record"]["a"] == 2
            yield {**one, "isError": bad, "errorMessage": "two" if bad else ""}

    made = frame(*RECORDS).mapPartitions(marked)
    assert rows(made) == [{"a": 1}, {"a": 3}]
    assert made.errorsAsDynamicFrame().toDF().head()["error"]["msg"] == "two"
    numbered = (
        frame(*RECORDS)
        .repartition(2)
        .mapPartitionsWithIndex(lambda index, some: [{**one, "record": {"p": index}} for one in some])
    )
    assert {row["p"] for row in rows(numbered)} <= {0, 1}
    assert numbered.count() == 3


@pytest.mark.parametrize("limit", [{"stageThreshold": 1}, {"totalThreshold": 1}])
def test_reaching_a_threshold_raises(frame: Any, limit: dict[str, int]) -> None:
    failed = frame(*RECORDS).map(failing(RuntimeError), **limit)
    for use in (failed.assertErrorThreshold, failed.count, failed.toDF, failed.select_fields(["a"]).count):
        with pytest.raises(RuntimeError, match="Threshold 1"):
            use()
    frame(*RECORDS).map(failing(RuntimeError), stageThreshold=2).assertErrorThreshold()
    frame(*RECORDS).map(failing(RuntimeError)).assertErrorThreshold()
