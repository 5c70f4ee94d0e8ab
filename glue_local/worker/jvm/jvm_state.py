"""State of a JVM outside its Spark context, which is compared before and after a run."""

import time
from typing import Any

_MORE_THREADS = 20
# The threads of a run's connections end after its Python process, on a busy machine seconds later.
_THREADS_END_WITHIN, _POLL = 10.0, 0.1
_HEAP_SHARE = 0.5


class JvmState:
    """The state of one JVM, read through its gateway."""

    def __init__(self, gateway: Any) -> None:
        self._gateway, jvm = gateway, gateway.jvm
        self._system, self._tree = jvm.java.lang.System, jvm.java.util.TreeMap
        beans = jvm.java.lang.management.ManagementFactory
        self._threads, self._memory = beans.getThreadMXBean(), beans.getMemoryMXBean()
        self._bindings = gateway.java_gateway_server.getGateway().getBindings()
        self._properties, self._thread_counts, self._known = "", (0, 0), set[str]()

    def remember(self) -> None:
        """Save the JVM's current state as the reference."""
        if not self._properties:
            self._properties = self._read_properties()
            self._thread_counts = self._read_threads()
        self._known = self._object_ids()

    def forget_objects(self) -> None:
        """Release the JVM objects that the ended Python process of the run referenced."""
        for key in self._object_ids() - self._known:
            self._bindings.remove(key)

    def changed(self) -> str | None:
        """Return what the run changed in the JVM, None if nothing."""
        properties = self._read_properties()
        if properties != self._properties:
            return f"the run changed its system properties: {_difference(self._properties, properties)}"
        end = time.monotonic() + _THREADS_END_WITHIN
        while (problem := self._thread_problem()) and time.monotonic() < end:
            time.sleep(_POLL)
        return problem

    def _thread_problem(self) -> str | None:
        threads, daemons = self._read_threads()
        known_threads, known_daemons = self._thread_counts
        if threads - daemons > known_threads - known_daemons:
            return "the run left threads in it that do not end with it"
        if threads > known_threads + _MORE_THREADS:
            return f"it has {threads} threads, {known_threads} at first"
        return None

    def heap_problem(self) -> str | None:
        """Collect garbage; return why the heap is too full for another run, None if it is not."""
        self._system.gc()
        heap = self._memory.getHeapMemoryUsage()
        if heap.getUsed() > _HEAP_SHARE * heap.getMax():
            return f"{heap.getUsed() >> 20} MB of its heap stay in use"
        return None

    def _read_properties(self) -> str:
        return str(self._tree(self._system.getProperties()).toString())

    def _read_threads(self) -> tuple[int, int]:
        return int(self._threads.getThreadCount()), int(self._threads.getDaemonThreadCount())

    def _object_ids(self) -> set[str]:
        return set(str(self._bindings.keySet().toString())[1:-1].split(", "))


def _difference(before: str, after: str) -> str:
    names = [{entry.partition("=")[0] for entry in set(a) - set(b)} for a, b in _pairs(before, after)]
    return ", ".join(sorted(set.union(*names)))


def _pairs(before: str, after: str) -> tuple[tuple[list[str], list[str]], ...]:
    one, other = before[1:-1].split(", "), after[1:-1].split(", ")
    return ((one, other), (other, one))
