"""Run dbt's seed, run, snapshot and test in the working directory twice, with a changed seed. Prints the results as JSON."""

import json
from pathlib import Path

from dbt.cli.main import dbtRunner

COMMANDS = ("seed", "run", "snapshot", "test")
SITES = Path("seeds/sites.csv")


def main() -> None:
    runner = dbtRunner()
    passes = []
    for renamed in (False, True):
        if renamed:
            SITES.write_text(SITES.read_text().replace("R0,", "R0 ring,"))
        done = {}
        for command in COMMANDS:
            result = runner.invoke(["--quiet", command])
            if result.exception:
                raise result.exception
            done[command] = {each.node.name: f"{each.status}: {each.message}" for each in result.result}
        passes.append(done)
    print(json.dumps(passes))


if __name__ == "__main__":
    main()
