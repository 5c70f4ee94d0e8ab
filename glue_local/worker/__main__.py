"""The worker process. When it is stopped, it ends everything that it started."""

import os
import sys

from glue_local.children.process import run
from glue_local.worker.agent import Agent
from glue_local.worker.isolation.init_process import run_below
from glue_local.worker.log import say
from glue_local.worker.settings import Settings


def main() -> None:
    """Execute runs until stopped."""
    try:
        settings = Settings.read(os.environ)
    except ValueError as problem:
        say(str(problem))
        sys.exit(1)
    agent = Agent(settings)
    run(agent.work, agent.end, ends_with_input=settings.ends_with_input)


if __name__ == "__main__":
    run_below(main)
