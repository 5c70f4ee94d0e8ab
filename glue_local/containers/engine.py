"""The Docker engine of this machine and the Glue image in it, or what is missing, in one line."""

import sys
from typing import Any

import docker
from docker.errors import DockerException, ImageNotFound

from glue_local.prerequisites import Unmet

STAND_IN = "glue-local.stand-in"


def connect() -> Any:
    """Return a client of the engine that answers; raises Unmet."""
    if not sys.platform.startswith("linux"):
        # Elsewhere containers do not share the network of the server, which only listens on loopback.
        raise Unmet("--runtime docker works on Linux only: elsewhere run `docker compose up`")
    try:
        client = docker.from_env()
        client.ping()
    except DockerException as error:
        reason = str(error).splitlines()[0]
        raise Unmet(f"Docker does not answer ({reason}): start it, or run without --runtime docker") from None
    return client


def image(client: Any, name: str) -> Any:
    """Return the image that runs execute in; raises Unmet when it is not here: pulling some 7 GB is not for a start."""
    try:
        return client.images.get(name)
    except ImageNotFound:
        raise Unmet(f"the image {name} is not here: run `docker pull {name}`, or name another in GLUE_IMAGE") from None
    except DockerException as error:
        raise Unmet(f"Docker cannot tell of the image {name} ({str(error).splitlines()[0]})") from None


def is_stand_in(found: Any) -> bool:
    """Tell whether an image only bears the official one's name."""
    return str(found.labels.get(STAND_IN, "")).lower() == "true"
