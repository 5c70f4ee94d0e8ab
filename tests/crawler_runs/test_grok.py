"""Grok patterns."""

import pytest
import regex

from awsglue.sources import grok_patterns as awsglue_patterns
from glue_local.core.faults import Invalid
from glue_local.crawler_runs import grok_patterns
from glue_local.crawler_runs.grok import parse_grok


def test_the_predefined_patterns_are_those_that_jobs_read_with() -> None:
    assert grok_patterns.PATTERNS == awsglue_patterns.PATTERNS


@pytest.mark.parametrize("name", grok_patterns.PATTERNS)
def test_each_predefined_pattern_compiles(name: str) -> None:
    regex.compile(parse_grok(f"%{{{name}:field}}").regex)


def test_data_types_and_custom_patterns_of_awss_page() -> None:
    # https://docs.aws.amazon.com/glue/latest/dg/custom-classifier.html#classifier-values
    pattern = (
        r"%{TIMESTAMP_ISO8601:timestamp} \[%{MESSAGEPREFIX:message_prefix}\] %{CRAWLERLOGLEVEL:loglevel} : "
        r"%{NUMBER:num:int} %{GREEDYDATA:message}"
    )
    custom = "CRAWLERLOGLEVEL (BENCHMARK|ERROR|WARN|INFO|TRACE)\nMESSAGEPREFIX .*-.*-.*-.*-.*\n"
    found = parse_grok(pattern, custom)
    assert found.columns == {
        "timestamp": "string",
        "message_prefix": "string",
        "loglevel": "string",
        "num": "int",
        "message": "string",
    }
    assert regex.fullmatch(found.regex, "2017-03-30 04:01:05 [a-b-c-d-e] BENCHMARK : 7 Running Start")
    assert not regex.fullmatch(found.regex, "2017-03-30 04:01:05 [a-b-c-d-e] OTHER : 7 Running Start")


def test_references_that_multiply_are_refused() -> None:
    custom = "\n".join(f"P{at} %{{P{at + 1}}}%{{P{at + 1}}}%{{P{at + 1}}}%{{P{at + 1}}}" for at in range(20))
    with pytest.raises(Invalid, match="too long"):
        parse_grok("%{P0:a}", f"{custom}\nP20 aaaaaaaa")
