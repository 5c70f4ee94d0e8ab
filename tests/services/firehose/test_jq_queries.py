"""JQ expressions that Firehose's jq 1.6 supports, and those it does not."""

import pytest

from glue_local.core.faults import Invalid
from glue_local.services.firehose.jq_queries import check_query


@pytest.mark.parametrize(
    "query",
    [
        '{customer_id:.customer_id, year:.event_timestamp|strftime("%Y")}',
        '{k: (if .k == "" then "none" elif .k == 1 then "one" else .k end)}',
        "{trim: .pick.abs}",
        "{trim, skip}",
        '{k: (.k // "if trim")}',
        "def trim: .; {k: (.k|trim)}",
        '{k: (.k|ltrimstr("a"))}',
    ],
)
def test_a_query_of_jq_1_6_is_accepted(query: str) -> None:
    check_query(query)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("{k:", "is not a JQ expression"),
        ("{k: nothing}", "nothing/0 is not defined"),
        ("{k: (.k|trim)}", "does not support trim"),
        ("{k:.k|trim}", "does not support trim"),
        ("{k: (.k|abs)}", "does not support abs"),
        ("{k: (.k|@urid)}", "does not support @urid"),
        ("{k: add(.k[])}", r"does not support add\("),
        ("{k: (if .k then .k end)}", "needs an else for every if"),
    ],
)
def test_a_query_that_jq_1_6_does_not_support_is_refused(query: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        check_query(query)
