"""Logs that built-in classifiers recognise: https://docs.aws.amazon.com/glue/latest/dg/add-classifier.html#classifier-built-in."""

import pytest

from tests.crawl.conftest import Lake, columns

APACHE = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326'
LOGS = {
    "combined_apache": f'{APACHE} "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I)"',
    "apache": APACHE,
    "linux_kernel": "Mar  7 04:22:40 host kernel: [ 1234.567890] usb 1-1: new device",
    "microsoft_log": "2026-11-02 10:00:00 10.0.0.1 GET /index.html - 80 - 10.0.0.2 Mozilla/5.0 - 200 0 0 15",
    "ruby_logger": "I, [2026-11-02T10:00:00.123456 #1234]  INFO -- main: started",
    "squid": "1066036250.603    310 192.0.2.1 TCP_MISS/200 42 GET http://example.com/ - DIRECT/192.0.2.2 text/html",
    "redismonlog": '1339518083.107412 [0 127.0.0.1:60866] "keys" "*"',
    "redislog": "4018:M 02 Nov 2026 10:00:00.123 * DB loaded from disk",
}
SOME_COLUMNS = {
    "combined_apache": ["clientip", "timestamp", "response", "referrer", "agent"],
    "apache": ["clientip", "ident", "auth", "timestamp", "verb", "request", "response", "bytes"],
    "linux_kernel": ["timestamp", "logsource", "message"],
    "microsoft_log": ["page", "clienthost", "time_taken"],
    "ruby_logger": ["timestamp", "pid", "loglevel", "progname", "message"],
    "squid": ["duration", "cache_result", "url"],
    "redismonlog": ["timestamp", "database", "command", "params"],
    "redislog": ["pid", "role", "message"],
}


@pytest.mark.parametrize("classification", LOGS)
def test_each_log_format(lake: Lake, classification: str) -> None:
    comment = "#Software: Microsoft Internet Information Services\n" if classification == "microsoft_log" else ""
    lake.put({"data/a.log": comment + f"{LOGS[classification]}\n" * 5})
    lake.crawl()
    table = lake.table()
    assert table["Parameters"]["classification"] == classification
    assert set(SOME_COLUMNS[classification]) <= set(columns(table))
    assert table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"] == "com.amazonaws.glue.serde.GrokSerDe"
    assert table["StorageDescriptor"]["SerdeInfo"]["Parameters"]["input.format"] == table["Parameters"]["grokPattern"]


def test_most_lines_decide(lake: Lake) -> None:
    lake.put({"most/a.log": f"{APACHE}\n" * 8 + "broken\n", "few/a.log": f"{APACHE}\n" + "other\n" * 8})
    lake.crawl("")
    tables = lake.tables()
    assert tables["most"]["Parameters"]["classification"] == "apache"
    assert tables["few"]["Parameters"]["classification"] == "UNKNOWN"
