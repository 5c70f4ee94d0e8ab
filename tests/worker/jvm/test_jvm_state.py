"""The threads that a run leaves in its JVM, with a gateway that only counts threads."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from glue_local.worker.jvm import jvm_state
from glue_local.worker.jvm.jvm_state import JvmState


def state(threads: Iterator[int]) -> JvmState:
    """Return the remembered state of a JVM whose count of threads is the next of ``threads`` at each reading."""
    beans = SimpleNamespace(
        getThreadMXBean=lambda: SimpleNamespace(getThreadCount=lambda: next(threads), getDaemonThreadCount=lambda: 10),
        getMemoryMXBean=lambda: None,
    )
    lang = SimpleNamespace(
        System=SimpleNamespace(getProperties=dict), management=SimpleNamespace(ManagementFactory=beans)
    )
    jvm: Any = SimpleNamespace(java=SimpleNamespace(lang=lang, util=SimpleNamespace(TreeMap=_TreeMap)))
    bindings = SimpleNamespace(keySet=lambda: _TreeMap({}))
    server = SimpleNamespace(getGateway=lambda: SimpleNamespace(getBindings=lambda: bindings))
    made = JvmState(SimpleNamespace(jvm=jvm, java_gateway_server=server))
    made.remember()
    return made


class _TreeMap(dict[str, str]):
    def toString(self) -> str:
        return "{a=b}"


def test_threads_that_end_a_little_later_are_not_a_change() -> None:
    assert state(iter([12, 13, 13, 12])).changed() is None


def test_threads_that_stay_are_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jvm_state, "_THREADS_END_WITHIN", 0.0)
    assert state(iter([12, *[13] * 9])).changed() == "the run left threads in it that do not end with it"
