"""Refuses to resolve AWS's host names; on the path of every Python process of a job."""

import functools
import socket
from typing import Any

_REFUSED = ("amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws", "169.254.169.254", "fd00:ec2::254")


def _guarded(look_up: Any) -> Any:
    @functools.wraps(look_up)
    def guarded(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host or "")
        if name.rstrip(".").lower().endswith(_REFUSED):
            raise socket.gaierror(
                socket.EAI_NONAME, f"glue-local keeps jobs on this machine and does not resolve {name}"
            )
        return look_up(host, *arguments, **options)

    return guarded


for _name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
    setattr(socket, _name, _guarded(getattr(socket, _name)))
