"""getResolvedOptions, as far as the tests need it."""

import argparse
from typing import Any


def getResolvedOptions(args: Any, options: Any) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--job-bookmark-option", default="job-bookmark-disable")
    for name in ("job-bookmark-from", "job-bookmark-to"):
        parser.add_argument(f"--{name}")
    for name in options:
        parser.add_argument(f"--{name}", required=True)
    return vars(parser.parse_known_args(list(args[1:]))[0])
