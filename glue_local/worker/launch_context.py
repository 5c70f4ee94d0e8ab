"""The context with which a job type starts a claim's process."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from glue_local.worker import python_modules
from glue_local.worker.arguments import METRICS, argument_vector, is_on
from glue_local.worker.drivers.debugging import debug_port
from glue_local.worker.drivers.driver_pool import DriverPool
from glue_local.worker.fetch import fetch_extras, fetch_python_path, fetch_script, sha256
from glue_local.worker.run_folder import Order, RunFolder
from glue_local.worker.watch import Claim


@dataclass(frozen=True)
class LaunchContext:
    """The claim, an S3 client and the environment of its account, and the drivers."""

    claim: Claim
    s3: Any
    drivers: DriverPool
    environment: Mapping[str, str]

    def order(self, folder: RunFolder, settings: Mapping[str, str]) -> Order:
        """Fetch every file that the run names into its folder and return the order for its process."""
        arguments = self.claim.arguments
        port = debug_port(arguments)
        script = fetch_script(self.s3, self.claim.job, arguments, folder)
        extras = fetch_extras(self.s3, arguments, folder)
        python_path = [
            *python_modules.install(self.s3, arguments, folder),
            *fetch_python_path(self.s3, arguments, folder),
        ]
        return Order(
            argv=argument_vector(str(script), arguments),
            python_path=python_path,
            environment=dict(self.environment),
            settings=dict(settings),
            hashes={
                "": sha256(script),
                **_hashes(folder.files, folder.files.iterdir()),
                **_hashes(folder.path, extras),
            },
            debug_port=port,
            metrics=is_on(arguments, METRICS),
        )


def _hashes(folder: Path, files: Iterable[Path]) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): sha256(file) for file in sorted(files)}
