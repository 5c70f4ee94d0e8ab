"""The files of Glue Studio's transforms, which jobs name in ``--extra-py-files`` in a bucket of AWS's."""

import re
from pathlib import Path

NAMES = (
    "gs_array_to_cols", "gs_concat", "gs_derived", "gs_explode", "gs_flatten", "gs_format_timestamp", "gs_now", "gs_null_rows",
    "gs_pivot", "gs_repartition", "gs_sequence_id", "gs_split", "gs_to_timestamp", "gs_uuid",
)  # fmt: skip
"""The transforms that glue-local has; each is a module of the same name."""

_LOCATION = re.compile(r"s3a?://aws-glue-studio-transforms-\d+-prod-[a-z0-9-]+/(\w+)\.py\Z")
_COMMON = "gs_common"


def module_named(location: str) -> str | None:
    """Return the name of the module at a location in AWS's buckets of transforms; None for any other location."""
    match = _LOCATION.match(location)
    return match and match.group(1)


def write(name: str, folder: Path) -> Path:
    """Write a module into a folder, with what it imports, and return its file; raises LookupError if it is none of NAMES."""
    common = folder / f"{_COMMON}.py"
    common.write_text((Path(__file__).parent / f"{_COMMON}.py").read_text())
    if name == _COMMON:
        return common
    if name not in NAMES:
        raise LookupError(f"glue-local does not emulate the transform {name} of Glue Studio, only {', '.join(NAMES)}")
    file = folder / f"{name}.py"
    file.write_text(f'"""{name} of Glue Studio."""\n\nfrom {_COMMON} import attach\n\nattach("{name}")\n')
    return file
