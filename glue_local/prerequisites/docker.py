"""What Docker Compose needs of this machine: an engine that answers, images, free ports, memory; and which images are stand-ins."""

import socket
from collections.abc import Iterable
from typing import Any

from glue_local.prerequisites import Unmet

try:
    import docker
    from docker.errors import DockerException, ImageNotFound
except ImportError:  # In our own image, which never controls Docker.
    docker = None

STAND_IN = "glue-local.stand-in"
"""The label of an image that bears an official name and is not the official image."""

MEMORY = 6e9
"""Bytes that the stack wants: LocalStack 0.6 GB, a warm driver and a run 2 GB each, the rest for Spark's heap."""

OWN = "glue-local"
FREE_UP = "stop what has it, or set another in .env"


def engine() -> Any:
    """Return a client of the engine that the environment names; raises Unmet when none answers."""
    return ping("start it (a Debian machine without one: docker/standin/engine.sh)")


def ping(remedy: str) -> Any:
    """Return a client of the engine that the environment names; raises Unmet with ``remedy`` when none answers."""
    if docker is None:
        raise Unmet("the docker package is not installed here: run this where glue-local is installed with pip")
    try:
        client = docker.from_env(timeout=60)
        client.ping()
    except (DockerException, OSError) as error:
        raise Unmet(f"Docker does not answer ({str(error).splitlines()[0]}): {remedy}") from None
    return client


def image(client: Any, name: str) -> str:
    """Return what is known of an image, saying so when it is a stand-in; raises Unmet when it is not there."""
    try:
        found = client.images.get(name)
    except ImageNotFound:
        raise Unmet(f"image {name} is missing: {_remedy(name)}") from None
    except DockerException as error:
        raise Unmet(f"image {name} cannot be asked for: {str(error).splitlines()[0]}") from None
    size = f"{name}, {found.attrs['Size'] / 1e6:.0f} MB"
    return f"{size}, a stand-in" if found.labels.get(STAND_IN) == "true" else size


def stand_ins(client: Any, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` that are there and are stand-ins for the official image."""
    found = {tag for each in client.images.list(filters={"label": f"{STAND_IN}=true"}) for tag in each.tags}
    return [name for name in names if name in found]


def port(client: Any, number: int, host: str = "127.0.0.1") -> str:
    """Return who has a port, if it is the stack itself, or that it is free; raises Unmet when someone else has it."""
    for container in client.containers.list(filters={"publish": str(number)}):
        if container.labels.get("com.docker.compose.project") == OWN:
            return f"{number} is the stack's own, running"
        raise Unmet(f"port {number} is taken by the container {container.name}: {FREE_UP}")
    try:
        socket.create_server((host, number)).close()
    except OSError:
        raise Unmet(f"port {number} is taken: {FREE_UP}") from None
    return f"{number} is free"


def memory(client: Any) -> str:
    """Return how much memory the engine has (on macOS that of its machine); raises Unmet when it is too little."""
    total = client.info()["MemTotal"]
    if total < MEMORY:
        raise Unmet(f"Docker has {total / 1e9:.1f} GB of memory and the stack wants {MEMORY / 1e9:.0f}: give it more")
    return f"Docker has {total / 1e9:.0f} GB"


def _remedy(name: str) -> str:
    if name.startswith(f"{OWN}:"):
        return "run `make images`, or `make images-offline` where no image registry is reached"
    return f"run `docker pull {name}`, or `make images-offline` for a stand-in where no image registry is reached"
