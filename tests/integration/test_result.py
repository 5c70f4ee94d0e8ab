"""The workflow's result in containers equals the embedded one; both are computed here."""

from tests.e2e.compose import ComposeStack
from tests.integration.workflow import Result, run


def test_the_result_of_two_workers_equals_the_embedded_one_row_by_row(
    stack: ComposeStack, without_containers: Result
) -> None:
    stack.empty()
    stack.knobs["SPARK_WORKERS"] = "2"
    try:
        stack.up()
        assert len(stack.containers("spark")) == 2
        assert run(stack) == without_containers
    finally:
        del stack.knobs["SPARK_WORKERS"]
        stack.up()


def test_a_new_container_of_the_glue_service_has_the_state_of_the_old_one(stack: ComposeStack) -> None:
    glue = stack.client("glue")
    before = {job["Name"]: glue.get_job_runs(JobName=job["Name"])["JobRuns"] for job in glue.get_jobs()["Jobs"]}
    bookmark = glue.get_job_bookmark(JobName="repartition")["JobBookmarkEntry"]
    stack.compose("rm", "--stop", "--force", "glue")
    stack.up()
    assert {name: glue.get_job_runs(JobName=name)["JobRuns"] for name in before} == before
    assert glue.get_job_bookmark(JobName="repartition")["JobBookmarkEntry"] == bookmark
    assert before["repartition"], "there were runs to remember"
