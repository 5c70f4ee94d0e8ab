"""The host names that a run may resolve: this machine's, the server's and whatever the worker was told besides."""

import os
import socket
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

# As in guard/sitecustomize.py, which runs where nothing of ours can be imported.
_OF_AWS = ("amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws")


class Names:
    """Host names and their addresses, looked up anew each time: a container that starts again may have another."""

    def __init__(self, names: Iterable[str], own_address: str = "127.0.0.1") -> None:
        self._names = tuple(dict.fromkeys(names))
        self._own_address = own_address

    def write(self, folder: Path) -> Path:
        """Write the hosts file of a run (``-Djdk.net.hosts.file``), the only names its JVM resolves; return it.

        A name that cannot be resolved now is left out, as it would be anywhere.
        """
        path = folder / "hosts"
        known = {"localhost": "127.0.0.1", socket.gethostname(): self._own_address}
        for name in self._names:
            address = known.get(name) or _address(name)
            if address:
                known[name] = address
        text = "".join(f"{address} {name}\n" for name, address in known.items())
        if not path.exists() or path.read_text() != text:
            draft = path.with_suffix(".draft")
            draft.write_text(text)
            os.replace(draft, path)
        return path


def host_of(url: str) -> str:
    """Return the host name in a URL; ValueError when it is one of AWS's, which no run may reach."""
    name = urlsplit(url).hostname or ""
    if not name:
        raise ValueError(f"{url!r} is not a URL with a host name")
    if name.endswith(_OF_AWS):
        raise ValueError(f"{url} is AWS itself; a worker of glue-local only talks to an endpoint on this side of it")
    return name


def _address(name: str) -> str | None:
    try:
        return socket.gethostbyname(name)
    except OSError:
        return None
