"""``GLUE_LOCAL_EGRESS=none``: the worker and its runs in a network namespace with only loopback and the endpoint.

Linux only: it needs an unprivileged network namespace. A process outside serves the sockets that listen inside on the
endpoint's port, and forwards connections to the endpoint.
"""

import array
import asyncio
import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

VARIABLE, PORTS = "GLUE_LOCAL_EGRESS", "GLUE_LOCAL_LOOPBACK_PORTS"

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class CannotConfine(Exception):
    """Runs cannot be isolated from the network; the message names the reason and the fix."""


def is_asked_for(env: Mapping[str, str]) -> bool:
    """Tell whether runs may only reach loopback; raises CannotConfine for an unknown value."""
    value = env.get(VARIABLE) or "names"
    if value not in ("names", "none"):
        raise CannotConfine(f"{VARIABLE} must be names or none, not {value!r}")
    return value == "none"


def check(env: Mapping[str, str]) -> None:
    """Raise CannotConfine if runs must be isolated from the network and this machine does not support it."""
    if is_asked_for(env):
        _forwarded(env)
        # In a separate process: entering a namespace cannot be undone.
        tried = subprocess.run(
            [sys.executable, "-c", f"from {__name__} import try_out; try_out()"],
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        if tried.returncode:
            raise CannotConfine(_refusal((tried.stderr.strip().splitlines() or ["no reason given"])[-1]))


def try_out() -> None:
    """Move this process into its own network namespace; exits with the reason if that fails."""
    sys.exit(_reason_against())


def work_confined(work: Callable[[], None], env: Mapping[str, str]) -> int:
    """Run ``work`` in a child without a network, forward the endpoint to it, and return its exit code."""
    forwarded = _forwarded(env)
    here, there = socket.socketpair()
    child = os.fork()
    if child == 0:
        here.close()
        _die_with_parent()
        reason = _reason_against()
        if reason is None:
            _send(there, [socket.create_server(("127.0.0.1", port)) for port in forwarded])
            there.close()
            work()
            os._exit(0)
        there.sendall(reason.encode())
        os._exit(1)
    there.close()
    listeners, reason = _receive(here, len(forwarded))
    if not listeners:
        os.waitpid(child, 0)
        raise CannotConfine(_refusal(reason))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda received, _: os.kill(child, received))
    return asyncio.run(_serve_until_end(child, dict(zip(listeners, forwarded.values(), strict=True))))


def _forwarded(env: Mapping[str, str]) -> dict[int, tuple[str, int]]:
    """Return the ports to listen on in the namespace, with their destinations."""
    if not env.get("GLUE_LOCAL_MASTER", "local").startswith("local"):
        raise CannotConfine(f"{VARIABLE}=none works with executors on this machine only: unset GLUE_LOCAL_MASTER")
    found: dict[int, tuple[str, int]] = {}
    for name in ("GLUE_LOCAL_ENDPOINT", "AWS_ENDPOINT_URL"):
        url = urlsplit(env.get(name, ""))
        if url.hostname and url.hostname not in _LOOPBACK:
            raise CannotConfine(
                f"{VARIABLE}=none needs an endpoint on this machine's loopback, and {name} is {env[name]}: "
                "unset it there and use a network without outside access, as docker-compose.yml does"
            )
        if url.hostname:
            port = url.port or (443 if url.scheme == "https" else 80)
            found[port] = (url.hostname, port)
    for text in filter(None, (part.strip() for part in env.get(PORTS, "").split(","))):
        if not text.isdigit() or not 0 < int(text) < 65536:
            raise CannotConfine(f"{PORTS} must be a list of ports such as 5432,3306, not {env[PORTS]!r}")
        found[int(text)] = ("127.0.0.1", int(text))
    return found


def _refusal(reason: str) -> str:
    return (
        f"{VARIABLE}=none cannot be honoured here: {reason}. Allow unprivileged user namespaces (Linux: sysctl "
        f"kernel.unprivileged_userns_clone=1, user.max_user_namespaces), or unset {VARIABLE}"
    )


def _reason_against() -> str | None:
    """Move this process into its own network namespace with loopback up; return the reason of a failure, else None."""
    user, group = os.getuid(), os.getgid()
    try:
        unshare = ctypes.CDLL(None, use_errno=True).unshare
    except AttributeError:
        return "this is not Linux"
    if unshare(_NEW_USER | _NEW_NETWORK) != 0:
        error = ctypes.get_errno()
        # A container's root may be allowed only one of the two.
        if user != 0 or unshare(_NEW_NETWORK) != 0:
            return os.strerror(error)
    else:
        try:
            for path, text in (
                ("setgroups", "deny"),
                ("uid_map", f"{user} {user} 1"),
                ("gid_map", f"{group} {group} 1"),
            ):
                with open(f"/proc/self/{path}", "w") as file:
                    file.write(text)
        except OSError as error:
            return f"/proc/self/{path}: {error.strerror}"
    return _bring_loopback_up()


def _bring_loopback_up() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        try:
            (flags,) = struct.unpack("16xH14x", fcntl.ioctl(any_socket, _GET_FLAGS, request))
            fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _UP))
        except OSError as error:
            return f"loopback does not come up: {error.strerror}"
    return None


def _die_with_parent() -> None:
    # If the process outside is killed, the endpoint is unreachable, so the runs inside must end as well.
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _send(channel: socket.socket, listeners: list[socket.socket]) -> None:
    numbers = array.array("i", [listener.fileno() for listener in listeners])
    channel.sendmsg([b"+"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)])
    for listener in listeners:
        listener.close()


def _receive(channel: socket.socket, count: int) -> tuple[list[socket.socket], str]:
    """Return the listening sockets of the child, or the reason why there are none."""
    numbers = array.array("i")
    text, data, _, _ = channel.recvmsg(4096, socket.CMSG_LEN(count * numbers.itemsize))
    for _, _, content in data:
        numbers.frombytes(content[: len(content) - len(content) % numbers.itemsize])
    return [socket.socket(fileno=number) for number in numbers], text.decode() or "the child process ended"


async def _serve_until_end(child: int, listeners: Mapping[socket.socket, tuple[str, int]]) -> int:
    servers = [await asyncio.start_server(_forwarder(*target), sock=sock) for sock, target in listeners.items()]
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
        await asyncio.sleep(0.1)
    for server in servers:
        server.close()
    await _end_connections()
    code = os.waitstatus_to_exitcode(ended[1])
    return code if code >= 0 else 128 - code


async def _end_connections() -> None:
    # More than once: a connection that was just accepted gets its task in the next turn of the loop.
    while connections := asyncio.all_tasks() - {asyncio.current_task()}:
        for each in connections:
            each.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await asyncio.sleep(0)


_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def _forwarder(host: str, port: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], None]:
    connections: set[asyncio.Task[None]] = set()

    # Not a coroutine: the task that asyncio makes of one reports an error when it is cancelled (Python 3.11).
    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_forward((reader, writer), host, port))
        connections.add(task)
        task.add_done_callback(connections.discard)

    return accept


async def _forward(inside: _Streams, host: str, port: int) -> None:
    try:
        outside: _Streams = await asyncio.open_connection(host, port)
    except OSError:
        inside[1].close()
        return
    try:
        await asyncio.gather(_copy(inside[0], outside[1]), _copy(outside[0], inside[1]))
    finally:
        for _, writer in (inside, outside):
            writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
