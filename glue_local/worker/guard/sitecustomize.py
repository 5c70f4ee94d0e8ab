"""Refuses to look up AWS's own host names: put on the path of every Python process of a job."""

import socket
from typing import Any

_REFUSED = ("amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws", "169.254.169.254", "fd00:ec2::254")
_look_up = socket.getaddrinfo


def _guarded(host: Any, *arguments: Any, **options: Any) -> Any:
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name.rstrip(".").lower().endswith(_REFUSED):
        raise socket.gaierror(socket.EAI_NONAME, f"glue-local keeps jobs on this machine and does not resolve {name}")
    return _look_up(host, *arguments, **options)


socket.getaddrinfo = _guarded
