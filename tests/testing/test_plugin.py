"""The plugin as a repository that installed glue-local has it: in a pytest of its own."""

import re
from pathlib import Path

import pytest

from glue_local.settings import machine

pytest_plugins = ["pytester"]

# Read before pytester gives the test a home of its own.
CACHE = machine().cache.parent
GUIDE = Path(__file__).parent.parent.parent / "docs" / "testing.md"


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a pytest of its own find Spark's S3 connector."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(CACHE))


def test_it_costs_nothing_until_a_fixture_is_used(pytester: pytest.Pytester) -> None:
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


def test_the_guides_example_runs_as_it_is_printed(pytester: pytest.Pytester, cache: None) -> None:
    files = re.findall(r"^`([\w/]+\.\w+)`.*?```\w+\n(.*?)```", GUIDE.read_text(), re.DOTALL | re.MULTILINE)
    assert [name for name, _ in files] == ["jobs/daily_orders.py", "jobs/daily_orders.yaml", "test_daily_orders.py"]
    for name, text in files:
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (pytester.path / "jobs" / "broken.py").write_text("print('so far')\nraise ValueError('no orders')\n")
    pytester.makepyfile(
        test_broken="def test_it(run_job):\n    run = run_job('broken')\n    assert run.succeeded, run\n"
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*broken: FAILED*Failed Line Number: 2; ValueError: no orders", "*  | so far"])


def test_the_folder_of_jobs_is_a_setting(pytester: pytest.Pytester, cache: None) -> None:
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


def test_what_the_machine_lacks_is_one_line(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(glue_local):\n    pass\n")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["glue-local: Spark's S3 connector is not installed: run `glue-local doctor --fix`"])
