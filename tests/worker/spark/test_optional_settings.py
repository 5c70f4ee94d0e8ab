"""Settings that need classes: applied if the classes exist, otherwise reported."""

from types import SimpleNamespace
from typing import Any

from glue_local.worker.spark import optional_settings


def jvm(*classes: str) -> tuple[Any, dict[str, str]]:
    """Return a JVM with these classes, and its system properties."""
    properties: dict[str, str] = {}
    resources = {name.replace(".", "/") + ".class" for name in classes}
    loader = SimpleNamespace(getResource=lambda name: name if name in resources else None)
    thread = SimpleNamespace(currentThread=lambda: SimpleNamespace(getContextClassLoader=lambda: loader))
    system = SimpleNamespace(setProperty=properties.__setitem__)
    return SimpleNamespace(java=SimpleNamespace(lang=SimpleNamespace(Thread=thread, System=system))), properties


def test_settings_with_their_classes_are_applied() -> None:
    machine, properties = jvm(*optional_settings.FILE_SYSTEM.classes, *optional_settings.COMMITTERS.classes)
    assert optional_settings.apply(machine, optional_settings.variable({})[optional_settings.VARIABLE]) == []
    assert properties == {**optional_settings.FILE_SYSTEM.settings, **optional_settings.COMMITTERS.settings}


def test_settings_without_their_classes_are_reported_and_not_applied() -> None:
    machine, properties = jvm(*optional_settings.FILE_SYSTEM.classes, optional_settings.COMMITTERS.classes[0])
    (line,) = optional_settings.apply(machine, optional_settings.variable({})[optional_settings.VARIABLE])
    assert "PathOutputCommitProtocol" in line
    assert properties == optional_settings.FILE_SYSTEM.settings


def test_a_jobs_settings_take_precedence() -> None:
    machine, properties = jvm(*optional_settings.FILE_SYSTEM.classes, *optional_settings.COMMITTERS.classes)
    optional_settings.apply(
        machine,
        optional_settings.variable({"spark.sql.sources.commitProtocolClass": "mine"})[optional_settings.VARIABLE],
    )
    assert "spark.sql.sources.commitProtocolClass" not in properties
