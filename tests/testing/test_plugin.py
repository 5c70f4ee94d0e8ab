"""The plugin as an installed package uses it: in a separate pytest process."""

import re
from pathlib import Path

import pytest

from glue_local.settings import machine

pytest_plugins = ["pytester"]

# Read before pytester replaces the home directory.
CACHE = machine().cache.parent
EXAMPLE = ("jobs/daily_orders.py", "jobs/daily_orders.yaml", "test_daily_orders.py")
GUIDE = Path(__file__).parent.parent.parent / "docs" / "testing.md"


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the separate pytest find Spark's S3 connector."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(CACHE))


def test_nothing_heavy_is_imported_until_a_fixture_is_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_light():
            import glue_local.testing
            heavy = {"moto", "boto3", "pyspark", "awsglue", "werkzeug", "yaml"} & set(sys.modules)
            assert "glue_local.testing.plugin" in sys.modules
            assert heavy == set()
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def write_examples(pytester: pytest.Pytester, *names: str) -> None:
    """Write files of the guide."""
    files = dict(re.findall(r"^`([\w/]+\.\w+)`.*?```\w+\n(.*?)```", GUIDE.read_text(), re.DOTALL | re.MULTILINE))
    assert files.keys() == {"test_orders_table.py", *EXAMPLE}
    for name in names:
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(files[name])


def test_the_example_in_the_documentation_runs(pytester: pytest.Pytester, cache: None) -> None:
    write_examples(pytester, *EXAMPLE)
    (pytester.path / "jobs" / "broken.py").write_text("print('so far')\nraise ValueError('no orders')\n")
    pytester.makepyfile(
        test_broken="def test_it(run_job):\n    run = run_job('broken')\n    assert run.succeeded, run\n"
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*broken: FAILED*Failed Line Number: 2; ValueError: no orders", "*  | so far"])


def test_the_jobs_folder_is_configurable(pytester: pytest.Pytester, cache: None) -> None:
    pytester.makeini("[pytest]\nglue_local_jobs = etl/scripts\n")
    (pytester.path / "etl" / "scripts").mkdir(parents=True)
    (pytester.path / "etl" / "scripts" / "hello.py").write_text("print('hello')\n")
    pytester.makepyfile(
        """
        def test_it(run_job):
            assert run_job("hello", definition={"Command": {"Name": "pythonshell"}}).output == "hello\\n"
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_missing_prerequisite_is_reported_in_one_line(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(glue_local):\n    pass\n")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["glue-local: Spark's S3 connector is not installed: run `glue-local doctor --fix`"])


@pytest.mark.engine
def test_the_query_in_the_documentation_runs(pytester: pytest.Pytester, cache: None, athena_endpoint: object) -> None:
    write_examples(pytester, "test_orders_table.py")
    pytester.makepyfile(
        test_values="""
        from datetime import datetime, timezone
        from decimal import Decimal

        import pytest
        from glue_local.client.athena import QueryFailed
        from glue_local.testing import assert_frames_equal

        VALUES = "select * from (values (1, 1.50, 'a', timestamp '2026-07-01 12:00:00', null)) t(i, d, s, t, n)"

        def test_rows_have_python_types_and_frames_those_of_spark(athena):
            moment = datetime(2026, 7, 1, 12)
            assert athena.query(VALUES) == [{"i": 1, "d": Decimal("1.50"), "s": "a", "t": moment, "n": None}]
            frame = athena.frame(VALUES)
            assert frame.schema.simpleString() == "struct<i:int,d:decimal(3,2),s:string,t:timestamp,n:string>"
            assert frame.selectExpr("date_format(t, 'HH:mm') t").first().t == "12:00"

        def test_accounts_are_separate_and_failures_have_athenas_words(athena):
            assert {"database_name": "shop"} not in athena.query("show databases")
            with pytest.raises(QueryFailed, match="COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved"):
                athena.query("select nothing")
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=3)


def test_a_missing_engine_is_reported_in_one_line(pytester: pytest.Pytester, tmp_path: Path, cache: None) -> None:
    shared = CACHE / "glue-local"
    (tmp_path / "glue-local").mkdir()
    for each in shared.glob("s3-connector*"):
        (tmp_path / "glue-local" / each.name).symlink_to(each)
    pytester.makepyfile("def test_it(athena):\n    athena.query('select 1')\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path))
        result = pytester.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["glue-local: Athena's engine (Trino *) is not installed: run `glue-local doctor --fix --athena`"]
    )
