"""An awsglue in the image that calls AWS, like AWS's own: ours answers its calls or replaces it."""

from collections.abc import Iterator

import pytest

from tests.e2e.compose import ComposeStack
from tests.e2e.stack import provisioned, wait_until
from tests.integration.workflow import Result, run

_SCRIPT = b"""import awsglue
from awsglue.context import GlueContext
from pyspark.context import SparkContext
context = GlueContext(SparkContext.getOrCreate())
print(awsglue.__file__, context.create_dynamic_frame.from_catalog("traffic", "events").toDF().count())
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[ComposeStack]:
    """A stack whose Glue image has another awsglue."""
    with provisioned(ComposeStack("tests/integration/foreign-awsglue.yml")) as stack:
        yield stack


def printed(stack: ComposeStack) -> list[str]:
    """Return the output of a job that prints which awsglue it has and reads a table."""
    glue, logs = stack.client("glue"), stack.client("logs")
    run_id = glue.start_job_run(JobName="which")["JobRunId"]

    def state() -> str:
        return str(glue.get_job_run(JobName="which", RunId=run_id)["JobRun"]["JobRunState"])

    wait_until(lambda: state() in ("SUCCEEDED", "FAILED"), 120, "the run")
    assert state() == "SUCCEEDED"
    stream = {"logGroupName": "/aws-glue/jobs/output", "logStreamName": run_id}
    return [event["message"] for event in logs.get_log_events(**stream)["events"]]


def test_the_images_awsglue_is_the_default_and_a_setting_selects_ours(
    stack: ComposeStack, without_containers: Result
) -> None:
    assert run(stack) == without_containers
    stack.client("s3").put_object(Bucket="glue-scripts", Key="which.py", Body=_SCRIPT)
    command = {"Name": "glueetl", "ScriptLocation": "s3://glue-scripts/which.py"}
    stack.client("glue").create_job(Name="which", Role="arn:aws:iam::000000000000:role/glue", Command=command)
    rows = len(without_containers["events"])
    assert printed(stack) == [f"/opt/glue-local/awsglue/__init__.py {rows}"]
    stack.knobs["GLUE_LOCAL_AWSGLUE"] = "ours"
    stack.up()
    assert printed(stack) == [f"/opt/glue-local-awsglue/awsglue/__init__.py {rows}"]
