"""The local Docker engine and the Glue image; a missing one is reported in one line."""

import sys
from contextlib import suppress
from typing import Any

from glue_local.prerequisites import Unmet
from glue_local.prerequisites.docker import STAND_IN, ping

# glue-local's image lacks the package: there `up` imports this module without calling it.
with suppress(ImportError):
    from docker.errors import DockerException, ImageNotFound


def connect() -> Any:
    """Return a client of the running engine; raises Unmet."""
    if not sys.platform.startswith("linux"):
        # Elsewhere containers do not share the host's network, and the server listens on loopback only.
        raise Unmet("--runtime docker works on Linux only: elsewhere run `docker compose up`")
    return ping("start it, or run without --runtime docker")


def image(client: Any, name: str) -> Any:
    """Return the image that runs execute in. Raises Unmet if it was not pulled: a start must not download some 7 GB."""
    try:
        return client.images.get(name)
    except ImageNotFound:
        raise Unmet(
            f"the image {name} is missing: run `docker pull {name}`, or set GLUE_IMAGE to another one"
        ) from None
    except DockerException as error:
        raise Unmet(f"Docker cannot inspect the image {name} ({str(error).splitlines()[0]})") from None


def is_stand_in(found: Any) -> bool:
    """Return whether an image is a stand-in with the name of the official one."""
    return str(found.labels.get(STAND_IN, "")).lower() == "true"
