"""Crawlers: drift, members that an update removes, and their schedules."""

from pathlib import Path

from glue_local.promote.kinds import Account
from tests.promote.conftest import edit
from tests.promote.plan.test_differences import changes, drift, planned, promote

CRAWLER = "{Name: c, Role: r, "


def test_a_stopped_schedule_is_drift_and_is_started_again(folder: Path, there: Account) -> None:
    promote(folder, there)
    glue = there.clients("glue")
    glue.stop_crawler_schedule(CrawlerName="c")
    [changed] = drift(folder, there)
    assert changed["changes"] == [{"path": ("Schedule",), "was": "cron(15 2 * * ? *)", "is": None}]
    promote(folder, there)
    assert glue.get_crawler(Name="c")["Crawler"]["Schedule"]["State"] == "SCHEDULED"
    assert drift(folder, there) == []


def test_changes_in_the_console_are_reverted(folder: Path, there: Account) -> None:
    promote(folder, there)
    there.clients("glue").update_crawler(Name="c", TablePrefix="x_", Targets={"S3Targets": [{"Path": "s3://other/"}]})
    [changed] = drift(folder, there)
    assert {change["path"][0] for change in changed["changes"]} == {"TablePrefix", "Targets"}
    promote(folder, there)
    crawler = there.clients("glue").get_crawler(Name="c")["Crawler"]
    assert crawler["Targets"]["S3Targets"] == [{"Path": "s3://acme-data/landing/", "Exclusions": ["**.tmp"]}]
    assert crawler.get("TablePrefix", "") == ""


def test_removed_members_return_to_their_defaults(folder: Path, there: Account) -> None:
    edit(folder, CRAWLER, f"{CRAWLER}Description: d, TablePrefix: p_, SchemaChangePolicy: {{UpdateBehavior: LOG}}, ")
    promote(folder, there)
    edit(folder, "Description: d, TablePrefix: p_, SchemaChangePolicy: {UpdateBehavior: LOG}, ", "")
    edit(folder, 'Schedule: "cron(15 2 * * ? *)", ', "")
    promote(folder, there)
    crawler = there.clients("glue").get_crawler(Name="c")["Crawler"]
    assert (crawler.get("Description", ""), crawler.get("TablePrefix", ""), "Schedule" in crawler) == ("", "", False)
    assert crawler["SchemaChangePolicy"]["UpdateBehavior"] == "UPDATE_IN_DATABASE"
    assert planned(folder, there)[0].empty


def test_a_configuration_cannot_be_removed(folder: Path, there: Account) -> None:
    edit(folder, CRAWLER, f"{CRAWLER}Configuration: {{Version: 1.0}}, ")
    promote(folder, there)
    edit(folder, "Configuration: {Version: 1.0}, ", "")
    plan, _ = planned(folder, there)
    assert plan.steps == []
    assert plan.notes == ["crawlers c: Configuration is not defined, but an update on AWS cannot remove it; it is kept"]


def test_a_stage_overrides_a_crawler(folder: Path, there: Account) -> None:
    promote(folder, there)
    edit(folder, "    schedules: off", "    schedules: off\n    crawlers: {c: {TablePrefix: prod_}}")
    plan, _ = planned(folder, there)
    assert changes(plan) == {"crawlers/c TablePrefix": (None, "prod_")}
