"""getResolvedOptions: values, Glue's options and errors; and the module's other functions."""

import re
from typing import Any

import pytest

from awsglue import utils
from awsglue.utils import GlueArgumentError, getResolvedOptions, makeOptions


def test_requested_values_and_glues_own() -> None:
    argv = ["s.py", "--JOB_NAME", "j", "--day-of", "monday", "--JOB_RUN_ID", "jr_1", "--other", "x", "--enable-metrics"]
    resolved = getResolvedOptions(argv, ["JOB_NAME", "day-of"])
    assert (resolved["JOB_NAME"], resolved["day_of"], resolved["JOB_RUN_ID"]) == ("j", "monday", "jr_1")
    assert resolved["job_bookmark_option"] == "job-bookmark-disable"
    assert resolved["TempDir"] is None


def test_every_option_is_required() -> None:
    with pytest.raises(GlueArgumentError, match="the following arguments are required: --day"):
        getResolvedOptions(["s.py", "--JOB_NAME", "j"], ["JOB_NAME", "day"])


@pytest.mark.parametrize("name", ["job-bookmark-option", "continuation-option", "--JOB_ID", "--encryption-type"])
def test_reserved_names_are_rejected(name: str) -> None:
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


def test_a_bookmark_range_needs_pause_and_both_ends() -> None:
    pause = ["s.py", "--job-bookmark-option", "job-bookmark-pause", "--job-bookmark-from", "jr_1"]
    with pytest.raises(RuntimeError, match="Missing option or value for"):
        getResolvedOptions(pause, [])
    with pytest.raises(RuntimeError, match="Invalid option"):
        getResolvedOptions(["s.py", "--job-bookmark-from", "jr_1", "--job-bookmark-to", "jr_2"], [])
    resolved = getResolvedOptions([*pause, "--job-bookmark-to", "jr_2"], [])
    assert (resolved["job_bookmark_from"], resolved["job_bookmark_to"]) == ("jr_1", "jr_2")


def test_prefixes_of_names_are_accepted_up_to_glue_5(monkeypatch: pytest.MonkeyPatch) -> None:
    abbreviated = ["s.py", "--bucket_n", "b"]
    assert getResolvedOptions(abbreviated, ["bucket_name"])["bucket_name"] == "b"
    assert getResolvedOptions(abbreviated, ["bucket_name"], allow_abbrev=True)["bucket_name"] == "b"
    with pytest.raises(GlueArgumentError, match="--bucket_name"):
        getResolvedOptions(abbreviated, ["bucket_name"], allow_abbrev=False)
    monkeypatch.setenv("GLUE_LOCAL_GLUE_VERSION", "6.0")
    with pytest.raises(GlueArgumentError, match="--bucket_name"):
        getResolvedOptions(abbreviated, ["bucket_name"])


@pytest.mark.parametrize("given", [{"topk": 2}, '{"topk": 2}'])
def test_options_are_a_dict_or_json(given: Any) -> None:
    assert makeOptions(None, given) == {"topk": 2}


@pytest.mark.parametrize(
    ("given", "error"), [(["topk"], TypeError), (None, TypeError), ("topk", ValueError), ("[1]", ValueError)]
)
def test_other_options_are_rejected(given: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="options") as raised:
        makeOptions(None, given)
    assert re.search(r"list|NoneType|'topk'|\[1\]", str(raised.value)), "the message contains the given value"


def test_a_call_site_is_in_the_script() -> None:
    assert re.fullmatch(
        rf'  File "{re.escape(__file__)}", line \d+, in test_a_call_site_is_in_the_script\n', utils.callsite()
    )


def test_global_args_come_from_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["s.py", "--JOB_RUN_ID", "jr_1", "--TempDir", "s3://t/", "--mine", "x"])
    own = utils._global_args
    assert (own["JOB_RUN_ID"], own["TempDir"]) == ("jr_1", "s3://t/")
    assert "mine" not in own
    assert dict(own) == getResolvedOptions(["s.py", "--JOB_RUN_ID", "jr_1", "--TempDir", "s3://t/"], [])


def test_a_dicts_iterators() -> None:
    some = {"a": 1, "b": 2}
    assert [next(f(some)) for f in (utils.iteritems, utils.iterkeys, utils.itervalues)] == [("a", 1), "a", 1]
