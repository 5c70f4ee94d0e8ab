"""Compression of written files: Athena's names and Trino's.

https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html
"""

from collections.abc import Mapping

from glue_local.query.hive import failures

# ORC's ZLIB is Trino's GZIP; Avro calls it DEFLATE.
_TRINO = {
    "NONE": "NONE",
    "UNCOMPRESSED": "NONE",
    "SNAPPY": "SNAPPY",
    "LZ4": "LZ4",
    "ZSTD": "ZSTD",
    "GZIP": "GZIP",
    "ZLIB": "GZIP",
    "DEFLATE": "GZIP",
}


def session_properties(catalog: str, name: str | None, default: str, statement: str) -> Mapping[str, str]:
    """Return the session properties for the compression that Athena calls ``name``."""
    codec = _TRINO.get((name or default).upper())
    if codec is None:
        raise failures.not_implemented(f"{statement} with compression {name}", f"Trino only writes {', '.join(_TRINO)}")
    return {f"{catalog}.compression_codec": codec}
