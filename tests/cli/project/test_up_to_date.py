"""`glue-local run` of scripts and of jobs whose script has changed."""

from pathlib import Path
from typing import Any

import pytest

SPARK = "from pyspark.sql import SparkSession\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "jobs").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _body(aws: Any, bucket: str, key: str) -> str:
    return str(aws("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode())


def _project(name: str) -> None:
    Path("glue-local.yaml").write_text(
        f"buckets:\n  - Bucket: {name}-code\n"
        f"scripts:\n  - {{Source: jobs/{name}.py, Destination: s3://{name}-code/{name}.py}}\n"
        f"  - {{Source: jobs/shared.py, Destination: s3://{name}-code/shared.py}}\n"
        f"jobs:\n  - jobs/{name}.yaml\n"
    )
    Path(f"jobs/{name}.py").write_text("print(1)\n")
    Path("jobs/shared.py").write_text("x = 1\n")
    Path(f"jobs/{name}.yaml").write_text(
        f"Name: {name}\nRole: r\nCommand: {{Name: pythonshell, PythonVersion: '3.9', ScriptLocation: s3://{name}-code/{name}.py}}\n"
        f"DefaultArguments: {{--extra-py-files: s3://{name}-code/shared.py}}\n"
    )


def test_a_script_without_definition_runs_with_defaults(cli: Any, aws: Any, ends: Any) -> None:
    Path("jobs/spark_totals.py").write_text(f"{SPARK}import helpers\nimport helpers.x, json\n")
    Path("jobs/helpers.py").write_text("")
    with ends("SUCCEEDED"):
        done = cli("run", "jobs/spark_totals.py", "-a", "day=1")
    assert done.exit_code == 0, done.output
    assert "script s3://glue-local-scripts/spark_totals/spark_totals.py: created" in done.output
    job = aws("glue").get_job(JobName="spark_totals")["Job"]
    assert (job["Command"]["Name"], job["GlueVersion"], job["NumberOfWorkers"]) == ("glueetl", "5.0", 2)
    assert job["DefaultArguments"]["--extra-py-files"] == "s3://glue-local-scripts/spark_totals/helpers.py"
    Path("jobs/shell_totals.py").write_text("print(1)\n")
    with ends("SUCCEEDED"):
        assert cli("run", "jobs/shell_totals.py").exit_code == 0
    assert aws("glue").get_job(JobName="shell_totals")["Job"]["Command"]["Name"] == "pythonshell"


def test_a_name_runs_the_script_as_it_was_saved_last(cli: Any, aws: Any, ends: Any) -> None:
    script = Path("jobs/saved.py")
    script.write_text("print(1)\n")
    with ends("SUCCEEDED"):
        cli("run", script)
    with ends("SUCCEEDED"):
        assert "script s3:" not in cli("run", "saved").output
    script.write_text("print(2)\n")
    with ends("SUCCEEDED"):
        assert "script s3://glue-local-scripts/saved/saved.py: updated" in cli("run", "saved").output
    assert _body(aws, "glue-local-scripts", "saved/saved.py") == "print(2)\n"


def test_a_script_runs_with_the_definition_beside_it(cli: Any, aws: Any, ends: Any) -> None:
    _project("beside")
    Path("glue-local.yaml").unlink()
    with ends("SUCCEEDED"):
        done = cli("run", "jobs/beside.py")
    assert done.exit_code == 0, done.output
    assert _body(aws, "beside-code", "shared.py") == "x = 1\n"
    Path("jobs/shared.py").unlink()
    refused = cli("run", "jobs/beside.py")
    assert refused.exit_code == 1
    assert (
        "jobs/beside.yaml:1: s3://beside-code/shared.py is not jobs/shared.py: list it under scripts:" in refused.stderr
    )


def test_a_job_of_the_project_runs_with_its_changed_scripts(cli: Any, aws: Any, ends: Any) -> None:
    _project("mine")
    with ends("SUCCEEDED"):
        assert "job mine: created" in cli("run", "jobs/mine.py").output
    Path("jobs/shared.py").write_text("x = 2\n")
    definition = Path("jobs/mine.yaml")
    definition.write_text(definition.read_text() + "Timeout: 7\n")
    with ends("SUCCEEDED"):
        done = cli("run", "mine")
    assert "script s3://mine-code/shared.py: updated" in done.output
    assert "jobs/mine.yaml differs from the job on the server: `glue-local provision` updates it" in done.output
    assert _body(aws, "mine-code", "shared.py") == "x = 2\n"
    # A definition that somebody wrote may move the script.
    for file in (definition, Path("glue-local.yaml")):
        file.write_text(file.read_text().replace("mine-code/mine.py", "mine-code/moved.py"))
    with ends("SUCCEEDED"):
        assert "job mine: updated" in cli("run", "jobs/mine.py").output
    assert aws("glue").get_job(JobName="mine")["Job"]["Timeout"] == 7


def test_an_invalid_project_is_no_silent_reason_for_a_stale_script(cli: Any, ends: Any) -> None:
    _project("broken")
    with ends("SUCCEEDED"):
        cli("run", "jobs/broken.py")
    Path("jobs/shared.py").unlink()
    with ends("SUCCEEDED"):
        done = cli("run", "broken")
    assert "glue-local.yaml:5: file jobs/shared.py does not exist" in done.output
    assert "broken runs with the script that was uploaded last" in done.output


def test_wrong_scripts_are_reported_with_the_fix(cli: Any, aws: Any) -> None:
    assert cli("run", "jobs/absent.py").stderr == "glue-local: script jobs/absent.py does not exist\n"
    Path("jobs/invalid.py").write_text("def\n")
    assert "jobs/invalid.py is not valid Python: invalid syntax" in cli("run", "jobs/invalid.py").stderr
    command = {"Name": "pythonshell", "ScriptLocation": "s3://other/x.py"}
    aws("glue").create_job(Name="taken", Role="r", Command=command)
    Path("jobs/taken.py").write_text("")
    assert (
        "a job taken with another script exists (s3://other/x.py): rename the file"
        in cli("run", "jobs/taken.py").stderr
    )
    _project("twice")
    second = Path("jobs/second.yaml")
    second.write_text(Path("jobs/twice.yaml").read_text().replace("Name: twice", "Name: second"))
    with Path("glue-local.yaml").open("a") as file:
        file.write("  - jobs/second.yaml\n")
    assert "is the script of several jobs in glue-local.yaml: run one by its name (twice, second)" in cli("run", "jobs/twice.py").stderr  # fmt: skip
    assert "the script of taken is not known, so that it cannot be watched" in cli("run", "taken", "--watch").stderr
