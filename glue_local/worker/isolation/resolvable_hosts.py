"""The host names that a run may resolve: this machine's, the server's, and those in GLUE_LOCAL_NAMES."""

import socket
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from glue_local.core.files import replace_file

# As in guard/sitecustomize.py, which runs where glue_local cannot be imported.
_OF_AWS = ("amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws")


class Names:
    """Host names and their addresses, looked up each time: a container that restarts may have another."""

    def __init__(self, names: Iterable[str], own_address: str = "127.0.0.1") -> None:
        self._names = tuple(dict.fromkeys(names))
        self._own_address = own_address

    def write(self, folder: Path) -> Path:
        """Write the hosts file of a run (``-Djdk.net.hosts.file``), the only names its JVM resolves; return it.

        A name that does not resolve now is left out.
        """
        path = folder / "hosts"
        known = {"localhost": "127.0.0.1", socket.gethostname(): self._own_address}
        for name in self._names:
            address = known.get(name) or _address(name)
            if address:
                known[name] = address
        text = "".join(f"{address} {name}\n" for name, address in known.items())
        if not path.exists() or path.read_text() != text:
            replace_file(path, text)
        return path


def host_of(url: str) -> str:
    """Return the host name in a URL; raises ValueError for AWS's, which no run may reach."""
    name = urlsplit(url).hostname or ""
    if not name:
        raise ValueError(f"{url!r} is not a URL with a host name")
    if name.endswith(_OF_AWS):
        raise ValueError(f"{url} is AWS itself; glue-local's worker does not connect to AWS; use a local endpoint")
    return name


def _address(name: str) -> str | None:
    try:
        return socket.gethostbyname(name)
    except OSError:
        return None
