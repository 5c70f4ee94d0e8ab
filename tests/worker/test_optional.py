"""Settings that need classes: set where these are, told where they are not."""

from types import SimpleNamespace
from typing import Any

from glue_local.worker import optional


def jvm(*classes: str) -> tuple[Any, dict[str, str]]:
    """Return a JVM with these classes, and its system properties."""
    properties: dict[str, str] = {}
    resources = {name.replace(".", "/") + ".class" for name in classes}
    loader = SimpleNamespace(getResource=lambda name: name if name in resources else None)
    thread = SimpleNamespace(currentThread=lambda: SimpleNamespace(getContextClassLoader=lambda: loader))
    system = SimpleNamespace(setProperty=properties.__setitem__)
    return SimpleNamespace(java=SimpleNamespace(lang=SimpleNamespace(Thread=thread, System=system))), properties


def test_what_the_class_path_has_is_used() -> None:
    machine, properties = jvm(*optional.FILE_SYSTEM.classes, *optional.COMMITTERS.classes)
    assert optional.apply(machine, optional.variable({})[optional.VARIABLE]) == []
    assert properties == {**optional.FILE_SYSTEM.settings, **optional.COMMITTERS.settings}


def test_what_it_lacks_is_named_and_nothing_of_it_set() -> None:
    machine, properties = jvm(*optional.FILE_SYSTEM.classes, optional.COMMITTERS.classes[0])
    (line,) = optional.apply(machine, optional.variable({})[optional.VARIABLE])
    assert "PathOutputCommitProtocol" in line
    assert properties == optional.FILE_SYSTEM.settings


def test_a_jobs_own_settings_win() -> None:
    machine, properties = jvm(*optional.FILE_SYSTEM.classes, *optional.COMMITTERS.classes)
    optional.apply(machine, optional.variable({"spark.sql.sources.commitProtocolClass": "mine"})[optional.VARIABLE])
    assert "spark.sql.sources.commitProtocolClass" not in properties
