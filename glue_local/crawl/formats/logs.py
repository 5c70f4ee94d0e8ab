"""Log files: AWS's built-in classifiers that use grok patterns. AWS documents their names, not their patterns.

The patterns have the fields that Logstash has for the same formats.
https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-built-in
"""

from dataclasses import replace
from functools import cache

from glue_local.crawl.formats.found import Found
from glue_local.crawl.formats.grok import Lines, sampled_lines
from glue_local.crawl.sample import Sample

_SHARE = 0.7  # of the lines that must match, as for CSV
_PATTERNS = {
    "combined_apache": "%{COMBINEDAPACHELOG}",
    "apache": "%{COMMONAPACHELOG}",
    "linux_kernel": r"%{SYSLOGTIMESTAMP:timestamp} %{SYSLOGHOST:logsource} kernel: (?:\[ *%{NUMBER:uptime}\] )?"
    r"%{GREEDYDATA:message}",
    # The fields that Internet Information Services writes by default.
    "microsoft_log": r"%{TIMESTAMP_ISO8601:log_timestamp} %{IPORHOST:site} %{WORD:method} %{URIPATH:page} "
    r"%{NOTSPACE:querystring} %{POSINT:port} %{NOTSPACE:username} %{IPORHOST:clienthost} %{NOTSPACE:useragent} "
    r"(?:%{NOTSPACE:referer} )?%{NONNEGINT:response} %{NONNEGINT:subresponse} %{NONNEGINT:scstatus} "
    r"%{NONNEGINT:time_taken}",
    "ruby_logger": r"[DFEWIU], \[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:pid}\] *%{WORD:loglevel} -- *"
    r"%{DATA:progname}: %{GREEDYDATA:message}",
    "squid": r"%{NUMBER:timestamp} +%{NONNEGINT:duration} %{IPORHOST:client_address} %{WORD:cache_result}/"
    r"%{NONNEGINT:status_code} %{NONNEGINT:bytes} %{NOTSPACE:request_method} %{NOTSPACE:url} %{NOTSPACE:user} "
    r"%{WORD:hierarchy_code}/%{NOTSPACE:server} %{NOTSPACE:content_type}",
    "redismonlog": r'%{NUMBER:timestamp} \[%{INT:database} %{IP:client}:%{POSINT:port}\] "%{WORD:command}"'
    r"(?: %{GREEDYDATA:params})?",
    "redislog": r"(?:\[%{POSINT:pid}\]|%{POSINT:pid}:%{WORD:role}) %{MONTHDAY:day} %{MONTH:month}"
    r"(?: %{YEAR:year})? %{TIME:time} [.*#-] %{GREEDYDATA:message}",
}


def recognise(sample: Sample) -> Found | None:
    """Return the fields of the first log format that most lines of a text have."""
    lines = [line for line in sampled_lines(sample) if not line.startswith("#")]
    for each in _formats():
        # The first lines decide for most files, which are no logs.
        if each.share(lines[:3]) and each.share(lines) >= _SHARE:
            found = each.recognise(sample)
            return replace(found, certainty=1.0) if found else None
    return None


@cache
def _formats() -> tuple[Lines, ...]:
    return tuple(Lines(classification, pattern) for classification, pattern in _PATTERNS.items())
