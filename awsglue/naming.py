"""How frames are called when nobody names them."""

import os
import re
import uuid
from collections.abc import Mapping
from typing import Any


def frame_name(options: Mapping[str, Any]) -> str:
    """Return the common beginning of the paths without scheme and ``:/.``, a unique name where there is none."""
    paths = options.get("paths") or []
    roots = [paths] if isinstance(paths, str) else list(paths)
    common = os.path.commonprefix([re.sub(r"^[a-z0-9]+://", "", root) for root in roots])
    return re.sub(r"[:/.]", "", common) or str(uuid.uuid1()).replace("-", "_")
