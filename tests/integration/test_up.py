"""`docker compose up --wait` without options: everything runs, Athena's engine too, and the feed is live."""

from collections.abc import Iterator

import pytest

from tests.e2e.compose import ComposeStack
from tests.e2e.stack import wait_until
from tests.query.asking import Asking


@pytest.fixture
def stack() -> Iterator[ComposeStack]:
    """The complete stack of docker-compose.yml."""
    stack = ComposeStack(services=(), POINTS="20")
    try:
        stack.up()
        yield stack
    finally:
        stack.down()


def test_the_feed_is_delivered_and_continues_after_a_crash(stack: ComposeStack) -> None:
    assert [job["Name"] for job in stack.client("glue").get_jobs()["Jobs"]], "provisioned by its own service"
    arrived = wait_until(lambda: len(stack.raw_events()), 240, "the feed's first minute in S3")
    ask = Asking(*map(stack.client, ("athena", "s3", "glue")), "traffic", "traffic-queries")
    assert ask.rows("SELECT count(*) FROM sites")[1:] == [["0"]], (
        "Athena's engine answers, before the first aggregation"
    )
    [feed] = stack.containers("feed")
    # Its process 1 is an init that ignores signals from inside; its child does not.
    stack.run_inside("feed", "python3", "-c", "import os, signal; os.kill(-1, signal.SIGKILL)")
    wait_until(lambda: _restarts(stack) > 0, 60, "Compose to start the feed again")
    wait_until(lambda: len(stack.raw_events()) > arrived, 240, "the next minute")
    assert stack.containers("feed")[0].id == feed.id
    healed = stack.compose("run", "--rm", "provision")
    assert healed.returncode == 0


def _restarts(stack: ComposeStack) -> int:
    [feed] = stack.containers("feed")
    return int(feed.attrs["RestartCount"])
