"""The server with a real worker of tests/worker, for generated scripts."""

from tests.worker.conftest import bench

__all__ = ["bench"]
