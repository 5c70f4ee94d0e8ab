"""Check what Docker Compose needs: a running engine, images, free ports, memory; and find stand-in images."""

import socket
from collections.abc import Iterable
from typing import Any

from glue_local.prerequisites import Unmet

try:
    import docker
    from docker.errors import DockerException, ImageNotFound
except ImportError:  # In glue-local's image, which never controls Docker.
    docker = None

STAND_IN = "glue-local.stand-in"
"""The label of a stand-in image, which has an official image's name."""

MEMORY = 7e9
"""Bytes that the stack needs: LocalStack 0.6 GB, Athena's engine 1 GB, a warm driver and a run 2 GB each, the rest for Spark's heap."""

OWN = "glue-local"
FREE_UP = "stop the program that uses it, or set another port in .env"


def engine() -> Any:
    """Return a client of the engine that the environment selects; raises Unmet if it does not respond."""
    return ping("start it (to install it on Debian, run docker/standin/engine.sh)")


def ping(remedy: str) -> Any:
    """Return a client of the engine that the environment selects; raises Unmet with ``remedy`` if it does not respond."""
    if docker is None:
        raise Unmet("the Python package docker is not installed: run this where glue-local is installed with pip")
    try:
        client = docker.from_env(timeout=60)
        client.ping()
    except (DockerException, OSError) as error:
        raise Unmet(f"Docker does not respond ({str(error).splitlines()[0]}): {remedy}") from None
    return client


def image(client: Any, name: str) -> str:
    """Describe an image: name, size and whether it is a stand-in. Raises Unmet if it is missing."""
    try:
        found = client.images.get(name)
    except ImageNotFound:
        raise Unmet(f"image {name} is missing: {_remedy(name)}") from None
    except DockerException as error:
        raise Unmet(f"cannot inspect image {name}: {str(error).splitlines()[0]}") from None
    size = f"{name}, {found.attrs['Size'] / 1e6:.0f} MB"
    return f"{size}, a stand-in" if found.labels.get(STAND_IN) == "true" else size


def stand_ins(client: Any, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` that exist and are stand-ins for the official image."""
    found = {tag for each in client.images.list(filters={"label": f"{STAND_IN}=true"}) for tag in each.tags}
    return [name for name in names if name in found]


def port(client: Any, number: int, host: str = "127.0.0.1") -> str:
    """Describe a port as free or used by the stack itself; raises Unmet if something else uses it."""
    for container in client.containers.list(filters={"publish": str(number)}):
        if container.labels.get("com.docker.compose.project") == OWN:
            return f"{number} is used by the running stack"
        raise Unmet(f"port {number} is in use by the container {container.name}: {FREE_UP}")
    try:
        socket.create_server((host, number)).close()
    except OSError:
        raise Unmet(f"port {number} is in use: {FREE_UP}") from None
    return f"{number} is free"


def memory(client: Any) -> str:
    """Return how much memory the engine has (on macOS, its virtual machine); raises Unmet if it is too little."""
    total = client.info()["MemTotal"]
    if total < MEMORY:
        raise Unmet(
            f"Docker has {total / 1e9:.1f} GB of memory, but the stack needs {MEMORY / 1e9:.0f} GB: give Docker more memory"
        )
    return f"Docker has {total / 1e9:.0f} GB"


def _remedy(name: str) -> str:
    if name.startswith(f"{OWN}:"):
        return "run `make images`, or `make images-offline` if no image registry is reachable"
    return f"run `docker pull {name}`, or `make images-offline` for a stand-in if no image registry is reachable"
