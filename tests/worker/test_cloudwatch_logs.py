"""Output split into calls within CloudWatch Logs' limits."""

from glue_local.worker.cloudwatch_logs import batches


def test_each_line_is_one_event_and_empty_output_creates_no_event() -> None:
    assert [([event["message"] for event in events], size) for events, size in batches(b"a\n\nb", 7)] == [
        (["a", "b"], 4)
    ]
    assert list(batches(b"", 7)) == []
    assert list(batches(b"\n\n", 7)) == [([], 2)]


def test_long_lines_and_many_lines_stay_within_a_call() -> None:
    text = b"x" * 2_600_000 + b"\n" + b"y\n" * 25_000
    calls = list(batches(text, 7))
    assert b"".join(event["message"].encode() for events, _ in calls for event in events) == text.replace(b"\n", b"")
    assert sum(size for _, size in calls) == len(text)
    for events, _ in calls:
        assert len(events) <= 10_000
        assert sum(len(event["message"]) + 26 for event in events) <= 1_048_576


def test_invalid_utf8_counts_by_its_replacement() -> None:
    calls = list(batches(b"\xff" * 900_000, 7))
    for events, _ in calls:
        assert sum(len(event["message"].encode()) + 26 for event in events) <= 1_048_576
        assert all(len(event["message"].encode()) <= 262_144 - 26 for event in events)
    assert sum(len(event["message"]) for events, _ in calls for event in events) == 900_000
