"""getResolvedOptions: values, Glue's own options, and its errors."""

import pytest

from awsglue.utils import GlueArgumentError, getResolvedOptions


def test_values_by_name_and_glues_own() -> None:
    argv = ["s.py", "--JOB_NAME", "j", "--day-of", "monday", "--JOB_RUN_ID", "jr_1", "--other", "x", "--enable-metrics"]
    resolved = getResolvedOptions(argv, ["JOB_NAME", "day-of"])
    assert (resolved["JOB_NAME"], resolved["day_of"], resolved["JOB_RUN_ID"]) == ("j", "monday", "jr_1")
    assert resolved["job_bookmark_option"] == "job-bookmark-disable"
    assert resolved["TempDir"] is None


def test_every_option_is_required() -> None:
    with pytest.raises(GlueArgumentError, match="the following arguments are required: --day"):
        getResolvedOptions(["s.py", "--JOB_NAME", "j"], ["JOB_NAME", "day"])


@pytest.mark.parametrize("name", ["job-bookmark-option", "continuation-option", "--JOB_ID", "--encryption-type"])
def test_reserved_names_are_refused(name: str) -> None:
    with pytest.raises(RuntimeError, match="Using reserved arguments"):
        getResolvedOptions(["s.py"], [name])


def test_the_temporary_folder_has_two_names_and_is_never_required() -> None:
    resolved = getResolvedOptions(["s.py", "--TempDir", "s3://t/"], ["TempDir"])
    assert resolved["TempDir"] == resolved["RedshiftTempDir"] == "s3://t/"
    assert getResolvedOptions(["s.py"], ["TempDir"])["TempDir"] is None


def test_the_legacy_option_is_translated() -> None:
    resolved = getResolvedOptions(["s.py", "--continuation-option", "continuation-enabled"], [])
    assert resolved["job_bookmark_option"] == "job-bookmark-enable"


def test_a_wrong_choice_is_an_argument_error() -> None:
    with pytest.raises(GlueArgumentError, match="invalid choice"):
        getResolvedOptions(["s.py", "--job-bookmark-option", "on"], [])


def test_a_range_goes_with_pause_and_has_two_ends() -> None:
    pause = ["s.py", "--job-bookmark-option", "job-bookmark-pause", "--job-bookmark-from", "jr_1"]
    with pytest.raises(RuntimeError, match="Missing option or value for"):
        getResolvedOptions(pause, [])
    with pytest.raises(RuntimeError, match="Invalid option"):
        getResolvedOptions(["s.py", "--job-bookmark-from", "jr_1", "--job-bookmark-to", "jr_2"], [])
    resolved = getResolvedOptions([*pause, "--job-bookmark-to", "jr_2"], [])
    assert (resolved["job_bookmark_from"], resolved["job_bookmark_to"]) == ("jr_1", "jr_2")


def test_a_prefix_stands_for_a_name_up_to_glue_5(monkeypatch: pytest.MonkeyPatch) -> None:
    abbreviated = ["s.py", "--bucket_n", "b"]
    assert getResolvedOptions(abbreviated, ["bucket_name"])["bucket_name"] == "b"
    assert getResolvedOptions(abbreviated, ["bucket_name"], allow_abbrev=True)["bucket_name"] == "b"
    with pytest.raises(GlueArgumentError, match="--bucket_name"):
        getResolvedOptions(abbreviated, ["bucket_name"], allow_abbrev=False)
    monkeypatch.setenv("GLUE_LOCAL_GLUE_VERSION", "6.0")
    with pytest.raises(GlueArgumentError, match="--bucket_name"):
        getResolvedOptions(abbreviated, ["bucket_name"])
