"""Export the certificate authorities that this machine trusts, for a Java that has its own list.

A network that inspects TLS signs with its own authority. Debian's Java reads the system's list; a Java from a Python
package does not.
"""

import hashlib
import ssl
from pathlib import Path

_MAGIC, _VERSION, _TRUSTED = 0xFEEDFEED, 2, 2
_PASSWORD = "changeit"
# The creation date of an entry, which is unused.
_NO_DATE = bytes(8)


def authorities() -> list[bytes]:
    """Return the certificates (DER) that OpenSSL trusts here; none if the system stores them elsewhere (macOS)."""
    context = ssl.create_default_context()
    for folder in filter(None, [ssl.get_default_verify_paths().capath]):
        # OpenSSL only reads this folder during verification; certificate files are named by hash and end in a number.
        for file in Path(folder).glob("*.[0-9]"):
            if file.is_file():
                context.load_verify_locations(file)
    return context.get_ca_certs(binary_form=True)


def write(certificates: list[bytes], path: Path) -> Path:
    """Write ``certificates`` as a JKS file, which every Java accepts as ``javax.net.ssl.trustStore``."""
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
