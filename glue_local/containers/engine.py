"""The Docker engine of this machine and the Glue image in it, or what is missing, in one line."""

import sys
from contextlib import suppress
from typing import Any

from glue_local.prerequisites import Unmet
from glue_local.prerequisites.docker import STAND_IN, ping

# In our own image `up` is imported as well, and nothing of this is called.
with suppress(ImportError):
    from docker.errors import DockerException, ImageNotFound


def connect() -> Any:
    """Return a client of the engine that answers; raises Unmet."""
    if not sys.platform.startswith("linux"):
        # Elsewhere containers do not share the network of the server, which only listens on loopback.
        raise Unmet("--runtime docker works on Linux only: elsewhere run `docker compose up`")
    return ping("start it, or run without --runtime docker")


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
