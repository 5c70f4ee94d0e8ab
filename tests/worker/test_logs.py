"""Output cut into the calls that CloudWatch Logs takes."""

from glue_local.worker.logs import batches


def test_one_event_a_line_and_nothing_for_nothing() -> None:
    assert [[event["message"] for event in batch] for batch in batches(b"a\n\nb", 7)] == [["a", "b"]]
    assert list(batches(b"", 7)) == []


def test_long_lines_and_many_lines_stay_within_a_call() -> None:
    text = b"x" * 600_000 + b"\n" + b"y\n" * 25_000
    calls = list(batches(text, 7))
    assert b"".join(event["message"].encode() for call in calls for event in call) == text.replace(b"\n", b"")
    for call in calls:
        assert len(call) <= 10_000
        assert sum(len(event["message"]) + 26 for event in call) <= 1_048_576
        assert all(len(event["message"]) <= 262_144 - 26 for event in call)
