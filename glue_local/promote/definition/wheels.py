"""Read a file to upload, or build a reproducible ZIP or wheel from a folder of shared modules."""

import base64
import hashlib
import io
import zipfile
from pathlib import Path

# The earliest time a ZIP can store: building the same modules again produces the same hash.
_WHEN = (1980, 1, 1, 0, 0, 0)


def bytes_of(source: Path, name: str) -> bytes:
    """Return a file's bytes, or a folder as a ZIP, with a wheel's metadata if ``name`` ends in .whl.

    A folder is a package: its files are stored under its name. Caches are excluded.
    """
    if source.is_file():
        return source.read_bytes()
    files = {
        f"{source.name}/{path.relative_to(source).as_posix()}": path.read_bytes()
        for path in sorted(source.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    return _zip(_with_metadata(files, name) if name.endswith(".whl") else files)


def _with_metadata(files: dict[str, bytes], name: str) -> dict[str, bytes]:
    # <name>-<version>-<python>-<abi>-<platform>.whl
    distribution, version = (*name.removesuffix(".whl").split("-"), "0")[:2]
    folder = f"{distribution}-{version}.dist-info"
    files = {
        **files,
        f"{folder}/METADATA": f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n".encode(),
        f"{folder}/WHEEL": b"Wheel-Version: 1.0\nGenerator: glue-local\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_urlsafe(body)},{len(body)}" for path, body in files.items()]
    return {**files, f"{folder}/RECORD": "\n".join([*record, f"{folder}/RECORD,,", ""]).encode()}


def _urlsafe(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, body in files.items():
            archive.writestr(zipfile.ZipInfo(path, _WHEN), body)
    return buffer.getvalue()
