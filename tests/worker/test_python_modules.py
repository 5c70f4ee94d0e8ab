"""``--additional-python-modules`` of runs: pip's arguments, and refused values."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from glue_local.worker import python_modules
from glue_local.worker.fetch import CannotFetch
from glue_local.worker.run_folder import RunFolder

WARM_DRIVERS = "0"

WHEEL = "roads_of_flanders-1.0-py3-none-any.whl"


def wheel() -> bytes:
    """Return a wheel with one module."""
    held = io.BytesIO()
    info = "roads_of_flanders-1.0.dist-info"
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("roads_of_flanders.py", "RING = 'R0'\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: roads-of-flanders\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return held.getvalue()


@pytest.mark.parametrize("path", [f"s3://scripts/lib/{WHEEL}", f"s3a://scripts/lib/{WHEEL}"])
def test_a_wheel_on_s3_is_importable(bench: Any, path: str) -> None:
    bench.s3.put_object(Bucket="scripts", Key=f"lib/{WHEEL}", Body=wheel())
    arguments = {"--additional-python-modules": path}
    done = bench.run("import roads_of_flanders; print(roads_of_flanders.RING)", DefaultArguments=arguments)
    assert (done.state, done.output) == ("SUCCEEDED", ["R0"]), done


def test_a_requirements_file_on_s3_is_installed(bench: Any, tmp_path: Path) -> None:
    (tmp_path / WHEEL).write_bytes(wheel())
    bench.s3.put_object(Bucket="scripts", Key="lib/requirements.txt", Body=b"roads-of-flanders==1.0\n")
    arguments = {
        "--additional-python-modules": "s3://scripts/lib/requirements.txt",
        "--python-modules-installer-option": f"--no-index --find-links {tmp_path} -r",
    }
    done = bench.run("import roads_of_flanders; print(roads_of_flanders.RING)", DefaultArguments=arguments)
    assert (done.state, done.output) == ("SUCCEEDED", ["R0"]), done


def test_an_option_of_pip_is_refused(bench: Any, tmp_path: Path) -> None:
    written = tmp_path / "written"
    done = bench.run("print()", DefaultArguments={"--additional-python-modules": f"--log={written},six"})
    assert done.state == "FAILED"
    assert f"not the pip option --log={written}: pass it in --python-modules-installer-option" in done.message
    assert not written.exists()


@pytest.mark.parametrize(
    "name", ["../here", "file:///etc/passwd", "a b", "s3://scripts/lib/roads.py", "git+https://x/y"]
)
def test_an_invalid_package_is_refused_by_name(tmp_path: Path, name: str) -> None:
    folder = RunFolder(tmp_path / "run").create()
    with pytest.raises(CannotFetch, match="neither a package") as refused:
        python_modules.install(None, {"--additional-python-modules": name}, folder)
    assert name in str(refused.value)


@pytest.mark.parametrize("name", ["six", "six==1.16.0", "pandas[excel]>=2", "scikit-learn ~= 1.4", "zope.interface"])
def test_packages_are_passed_to_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    given: list[list[str]] = []
    monkeypatch.setattr(python_modules, "_pip", lambda arguments, named, target: given.append(arguments))
    folder = RunFolder(tmp_path / "run").create()
    assert python_modules.install(None, {"--additional-python-modules": name}, folder) == [str(folder.modules)]
    assert given == [["--", name]]
