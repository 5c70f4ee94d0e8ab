"""The authorities that this machine trusts, as a file for a Java that only knows its own list.

A network that inspects TLS signs with an authority of its own. Debian's Java reads the system's list; one from a package
does not.
"""

import hashlib
import ssl
from pathlib import Path

_MAGIC, _VERSION, _TRUSTED = 0xFEEDFEED, 2, 2
_PASSWORD = "changeit"
# When an entry was made; nobody asks.
_NO_DATE = bytes(8)


def authorities() -> list[bytes]:
    """Return the certificates (DER) that OpenSSL trusts here; none where the system keeps them elsewhere (macOS)."""
    context = ssl.create_default_context()
    for folder in filter(None, [ssl.get_default_verify_paths().capath]):
        # OpenSSL reads a folder only while it verifies; a certificate's file is named by hash, ending in a number.
        for file in Path(folder).glob("*.[0-9]"):
            if file.is_file():
                context.load_verify_locations(file)
    return context.get_ca_certs(binary_form=True)


def write(certificates: list[bytes], path: Path) -> Path:
    """Write ``certificates`` as a JKS file, which every Java reads as ``javax.net.ssl.trustStore``."""
    content = b"".join(_number(each) for each in (_MAGIC, _VERSION, len(certificates)))
    for index, certificate in enumerate(certificates):
        content += _number(_TRUSTED) + _text(f"authority-{index}") + _NO_DATE
        content += _text("X.509") + _number(len(certificate)) + certificate
    salted = _PASSWORD.encode("utf-16-be") + b"Mighty Aphrodite" + content
    path.write_bytes(content + hashlib.sha1(salted, usedforsecurity=False).digest())
    return path


def _number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _text(value: str) -> bytes:
    return len(value).to_bytes(2, "big") + value.encode()
