"""The list of certificate authorities for Java."""

import os
import ssl
import subprocess
from pathlib import Path

import pytest

from glue_local.prerequisites import java, trust
from glue_local.settings import machine

# A certificate for localhost, made for this test; its key was discarded.
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUJzw4MW5LT/l/lt2tnXbLptK4oDIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDAyMDg0MloYDzIxMjYxMDMx
MDIwODQyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS7L0h2MNNQbHvg5/Vzp/bPgmGrNKQ9qyBX9jgzjhrf764tFPOdiN82
8IU1UQ4NzIhupCsiv20LHAVHKtaGCksGo1MwUTAdBgNVHQ4EFgQU3xK2rL2XeuW6
zSlMgCoBgwoF5AUwHwYDVR0jBBgwFoAU3xK2rL2XeuW6zSlMgCoBgwoF5AUwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA2rxHP6zlYy7qX8yFo+Rz
OX6UHuyHXYXicvx+IEjE63gCIHEzHRTryqBT3sUiCkuA3sU2C3/2zVinuiWUydoH
zjl4
-----END CERTIFICATE-----
"""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system that trusts one authority, set by OpenSSL's variable."""
    (tmp_path / "ca.pem").write_text(CERTIFICATE)
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "folder"))
    return tmp_path


def test_a_file_of_authorities(bundle: Path) -> None:
    assert trust.authorities() == [ssl.PEM_cert_to_DER_cert(CERTIFICATE)]


def test_a_folder_of_authorities(bundle: Path) -> None:
    (bundle / "ca.pem").rename(bundle / "folder" / "0a1b2c3d.0")
    (bundle / "folder" / "dangling.0").symlink_to(bundle / "absent")
    assert trust.authorities() == [ssl.PEM_cert_to_DER_cert(CERTIFICATE)]


def test_a_system_without_authorities(bundle: Path) -> None:
    (bundle / "ca.pem").unlink()
    assert trust.authorities() == []


def test_java_reads_all_certificates(bundle: Path) -> None:
    store = trust.write(trust.authorities(), bundle / "authorities.jks")
    keytool = java.find(machine(os.environ).java_home).home / "bin" / "keytool"
    listed = subprocess.run(
        [keytool, "-list", "-keystore", store, "-storepass", "changeit"], capture_output=True, text=True, check=False
    )
    assert listed.returncode == 0, listed.stdout
    assert "authority-0" in listed.stdout
    assert "trustedCertEntry" in listed.stdout
