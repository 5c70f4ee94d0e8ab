import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from typer.testing import CliRunner, Result

from glue_local.cli.feed import app
from glue_local.feed.event import FIELDS

START = "2026-03-02T06:45:00+01:00"


@pytest.fixture
def stream(aws: Callable[..., Any], request: pytest.FixtureRequest) -> Iterator[str]:
    name = re.sub(r"\W", "-", request.node.name)[:100]
    aws("kinesis").create_stream(StreamName=name, ShardCount=2)
    yield name
    aws("kinesis").delete_stream(StreamName=name)


@pytest.fixture
def records(aws: Callable[..., Any], stream: str) -> Callable[[], list[dict[str, str]]]:
    def read() -> list[dict[str, str]]:
        kinesis, found = aws("kinesis"), []
        for shard in kinesis.describe_stream(StreamName=stream)["StreamDescription"]["Shards"]:
            at = {"StreamName": stream, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            reply = kinesis.get_records(ShardIterator=kinesis.get_shard_iterator(**at)["ShardIterator"])
            found += [(record["PartitionKey"], json.loads(record["Data"])) for record in reply["Records"]]
        assert all(key == event["unieke_id"] for key, event in found)
        return [event for _, event in found]

    return read


def feed(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def port(endpoint: Any) -> str:
    return str(endpoint.endpoint.rsplit(":", 1)[1])


def test_generate_publishes_the_events_in_the_ground_truth(
    stream: str, records: Callable[[], list[dict[str, str]]], port: str, tmp_path: Path
) -> None:
    result = feed(
        "generate", "--start", START, "--minutes", 10, "--points", 60, "--stream", stream, "--port", port,
        "--truth", tmp_path, "--rate", "late=0.05", "--rate", "duplicate=0.05",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    events = records()
    truth = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert f"{len(events)} events published to {stream}" in result.stdout
    assert "0 retried, 0 failed" in result.stdout
    assert all(tuple(event) == FIELDS for event in events)
    assert sorted((e["unieke_id"], int(e["tijd_waarneming"])) for e in events) == sorted(
        (t["unieke_id"], t["tijd_waarneming"]) for t in truth
    )
    assert {"late", "duplicate", "frozen"} <= {defect for row in truth for defect in row["defects"]}
    jams = [json.loads(line) for line in (tmp_path / "jams.jsonl").read_text().splitlines()]
    assert jams
    assert set(jams[0]) == {"road", "ident_8", "kmp_rsys", "from", "to"}


def test_generate_writes_valid_xml_instead_and_replay_publishes_it(
    stream: str,
    records: Callable[[], list[dict[str, str]]],
    port: str,
    tmp_path: Path,
    miv_samples: Path,
) -> None:
    result = feed("generate", "--start", START, "--minutes", 3, "--points", 40, "--xml", tmp_path, "--without", "all")
    assert result.exit_code == 0, result.output
    assert result.stdout == "120 events written; 0 retried, 0 failed\n"
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["configuratie.xml", *(f"verkeersdata-20260302T0{at}54Z.xml.gz" for at in (546, 547, 548))]
    data_schema, config_schema = (
        etree.XMLSchema(file=str(miv_samples / f"miv-{name}.xsd")) for name in ("verkeersdata", "config")
    )
    config_schema.assertValid(etree.parse(str(tmp_path / names[0])))
    data_schema.assertValid(etree.fromstring(gzip.decompress((tmp_path / names[1]).read_bytes())))
    result = feed("replay", tmp_path, "--stream", stream, "--endpoint-url", f"http://localhost:{port}")
    assert result.exit_code == 0, result.output
    assert sorted({event["tijd_waarneming"] for event in records()}) == ["1772430300", "1772430360", "1772430420"]
    assert len(records()) == 120


def test_generate_writes_the_configuration_for_the_jobs(
    aws: Callable[..., Any], port: str, stream: str, tmp_path: Path
) -> None:
    aws("s3").create_bucket(Bucket="configurations")
    common = ("generate", "--minutes", 1, "--points", 5, "--stream", stream, "--port", port, "--config")
    assert feed(*common, "s3://configurations/config/").exit_code == 0
    stored = aws("s3").get_object(Bucket="configurations", Key="config/configuratie-20160101T000000.xml")["Body"].read()
    assert feed(*common, tmp_path).exit_code == 0
    assert (tmp_path / "configuratie-20160101T000000.xml").read_bytes() == stored
    assert stored.count(b"<meetpunt ") == 5


def test_replay_can_shift_the_real_minute_to_another_time(
    stream: str, records: Callable[[], list[dict[str, str]]], port: str, miv_samples: Path
) -> None:
    sample = miv_samples / "verkeersdata-two-points.xml"
    result = feed("replay", sample, "--stream", stream, "--port", port, "--shift-to", "2026-03-02T06:45")
    assert result.exit_code == 0, result.output
    moved = {datetime.fromtimestamp(int(event["tijd_waarneming"]), timezone.utc) for event in records()}
    assert moved == {datetime(2026, 3, 2, 5, 44, tzinfo=timezone.utc)}


def test_replay_reports_a_damaged_point_and_publishes_the_rest(
    stream: str, records: Callable[[], list[dict[str, str]]], port: str, miv_samples: Path, tmp_path: Path
) -> None:
    sample = (miv_samples / "verkeersdata-two-points.xml").read_text()
    cut = tmp_path / "cut.xml"
    cut.write_text(sample[: sample.rindex("<rekendata>")])
    result = feed("replay", cut, "--stream", stream, "--port", port)
    assert result.exit_code == 1
    line = cut.read_text().count("\n") + 1
    assert f"{cut}:{line}: not well-formed" in result.stderr
    assert "meetpunt 30 is skipped" in result.stderr
    assert f"1 events published to {stream}" in result.stdout
    assert [event["unieke_id"] for event in records()] == ["29"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--speed", "fast"), "--speed must be a number above 0, or max, not 'fast'"),
        (("--without", "lazy"), "unknown data defect 'lazy'"),
        (("--rate", "late=many"), "such as late=0.05"),
        (("--start", "today"), "'today' is not an ISO 8601 time"),
        (
            ("--endpoint-url", "https://kinesis.eu-west-1.amazonaws.com"),
            "is AWS: the feed publishes to local endpoints only",
        ),
    ],
)
def test_invalid_options_are_refused_with_the_fix(arguments: tuple[str, ...], message: str) -> None:
    result = feed("generate", "--points", 4, "--minutes", 1, *arguments)
    assert result.exit_code == 2
    assert message in " ".join(re.sub(r"[│╭╮╰╯─]", " ", result.stderr).split())


def test_a_missing_stream_server_or_file_is_reported_with_the_fix(port: str) -> None:
    generate = ("generate", "--points", 4, "--minutes", 1, "--start", START)
    missing = feed(*generate, "--stream", "nowhere", "--port", port)
    assert missing.exit_code == 1
    assert "ResourceNotFoundException" in missing.stderr
    assert "glue-local provision" in missing.stderr
    silent = feed(*generate, "--stream", "nowhere", "--port", 9)
    assert silent.exit_code == 1
    assert "http://localhost:9" in silent.stderr
    assert "start one with `glue-local up`" in silent.stderr
    nothing = feed("replay", "/nowhere/minute.xml", "--port", port)
    assert nothing.exit_code == 1
    assert "/nowhere/minute.xml: no such file or folder" in nothing.stderr


def test_record_reports_failed_polls_and_exits_with_1(tmp_path: Path) -> None:
    result = feed("record", "--url", "http://127.0.0.1:9/miv", "--to", tmp_path, "--polls", 2, "--every", 0.1)
    assert result.exit_code == 1
    assert result.stderr.count("http://127.0.0.1:9/miv: ") == 2
    assert result.stdout == f"0 minutes saved to {tmp_path}, 2 polls failed\n"


def test_a_live_feed_publishes_the_current_minute_and_waits_for_the_next(stream: str, port: str) -> None:
    command = [sys.executable, "-m", "glue_local.cli", "feed", "generate", "--live", "--points", "4"]
    with subprocess.Popen(
        [*command, "--stream", stream, "--port", port], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as live:
        assert live.stdout
        message = live.stdout.readline()
        assert live.poll() is None
        live.kill()
    published = datetime.strptime(message[:16], "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc)
    assert abs((datetime.now(timezone.utc) - published).total_seconds()) < 180
    assert re.search(r": \d+ events, \d+ since the start$", message.strip())


def test_generate_writes_the_configuration_where_the_example_reads_it(aws: Callable[..., Any], port: str) -> None:
    aws("kinesis").create_stream(StreamName="traffic-events", ShardCount=1)
    few = ("generate", "--minutes", 1, "--points", 3, "--port", port)
    without = feed(*few)
    assert without.exit_code == 0, without.output
    assert "there is no bucket traffic-raw: the network's configuration is not written" in without.stderr
    aws("s3").create_bucket(Bucket="traffic-raw")
    assert "configuration: s3://traffic-raw/config/configuratie-" in feed(*few).stdout
    [item] = aws("s3").list_objects_v2(Bucket="traffic-raw", Prefix="config/")["Contents"]
    assert item["Size"] > 0
