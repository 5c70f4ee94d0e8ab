"""Which commands to the JVM count as a change of it."""

from types import ModuleType
from typing import Any

import pytest

from glue_local.worker.jvm.jvm_watch import watch_jvm


class Client:
    """A fake py4j client that records commands."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send_command(self, command: str, retry: bool = True) -> str:
        self.sent.append(command)
        return "y"


def sent_by(module: str, command: str, through: str = "py4j.java_gateway") -> list[str]:
    """Return the report on a command that a function of ``module`` sends through py4j or another module."""
    client, told = Client(), list[str]()
    watch_jvm(client, told.append)
    bridge, caller = ModuleType(through), ModuleType(module)
    exec("def call(client, command): return client.send_command(command)", bridge.__dict__)  # noqa: S102
    caller.__dict__["call"] = bridge.__dict__["call"]
    exec("def use(client, command): return call(client, command)", caller.__dict__)  # noqa: S102
    answer: Any = caller.__dict__["use"](client, command)
    assert (answer, client.sent) == ("y", [command])
    return told


@pytest.mark.parametrize(
    "module", ["pyspark.sql.dataframe", "awsglue.context", "glue_local.worker.drivers.warm_session"]
)
def test_calls_of_pyspark_and_awsglue_do_not_count(module: str) -> None:
    assert sent_by(module, "c\no12\ncollectToPython\ne\n") == []


def test_similar_names_do_not_count() -> None:
    assert sent_by("pyspark.sql.session", "c\no12\nsql\nsselect reflection, address from create_time\ne\n") == []


@pytest.mark.parametrize("module", ["__main__", "delta.tables", "py4j_tools"])
def test_other_calls_count(module: str) -> None:
    assert sent_by(module, "r\nu\njava.lang.System\nrj\ne\n") == [f"{module} used the JVM itself"]


def test_pythons_own_modules_in_between_do_not_matter() -> None:
    assert sent_by("pyspark.sql.session", "c\no12\nsize\ne\n", through="collections.abc") == []
    assert sent_by("__main__", "c\no12\nsize\ne\n", through="collections.abc") == ["__main__ used the JVM itself"]


def test_py4js_garbage_collection_does_not_count() -> None:
    assert sent_by("__main__", "m\nd\no12\ne\n") == []


@pytest.mark.parametrize(
    "command",
    [
        "c\no12\naddFile\nslimits.txt\ne\n",
        "c\no12\nwriteStream\ne\n",
        "c\no12\nsql\nsadd jar s3://lib/x.jar\ne\n",
        "c\no12\nsql\nsSELECT Reflect ('java.lang.System', 'exit')\ne\n",
        "c\no12\nsql\ns\\n  CREATE\\n  FUNCTION f AS 'org.example.F'\ne\n",
        "c\no12\nsql\nscreate temporary function f as 'org.example.F'\ne\n",
    ],
)
def test_calls_of_pyspark_with_effects_beyond_its_context_count(command: str) -> None:
    assert len(sent_by("pyspark.sql.session", command)) == 1
