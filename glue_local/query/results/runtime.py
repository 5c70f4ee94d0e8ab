"""The engine's statistics of a query, in Athena's format."""

import time
from collections.abc import Mapping
from typing import Any


class Runtime:
    """Collects the statistics of one query."""

    def __init__(self) -> None:
        self._ready = time.monotonic()
        self._begun = self._ready
        self._engine = 0.0
        self._stats: list[Mapping[str, Any]] = []
        self.output_rows = 0
        self.output_bytes = 0

    def ready(self) -> None:
        """Record that the engine is ready: the time before counts as queue time."""
        self._ready = self._begun = time.monotonic()

    def begin(self) -> None:
        """Record that the query itself starts now."""
        self._begun = time.monotonic()

    def add(self, stats: Mapping[str, Any], seconds: float) -> None:
        """Add a statement's final statistics and its seconds in the engine."""
        self._stats.append(stats)
        self._engine += seconds

    def statistics(self) -> dict[str, Any]:
        """Return members of QueryExecutionStatistics."""
        worked = time.monotonic() - self._begun
        return {
            "EngineExecutionTimeInMillis": round(1000 * self._engine),
            "DataScannedInBytes": self._sum("physicalInputBytes"),
            "QueryPlanningTimeInMillis": self._sum("planningTimeMillis"),
            "ServicePreProcessingTimeInMillis": round(1000 * (self._begun - self._ready)),
            "ServiceProcessingTimeInMillis": round(1000 * max(worked - self._engine, 0.0)),
        }

    def rows(self) -> dict[str, Any]:
        """Return members of QueryRuntimeStatistics: rows, and the stages of the last statement."""
        root = self._stats[-1].get("rootStage") if self._stats else None
        stage = {"OutputStage": _stage(root)} if root else {}
        return {
            "Rows": {
                "InputRows": self._sum("processedRows"),
                "InputBytes": self._sum("processedBytes"),
                # The client protocol has neither, so these are counted from the result.
                "OutputRows": self.output_rows,
                "OutputBytes": self.output_bytes,
            },
            **stage,
        }

    def _sum(self, name: str) -> int:
        return sum(int(stats.get(name) or 0) for stats in self._stats)


def _stage(stage: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "StageId": int(str(stage.get("stageId", 0)).rpartition(".")[2] or 0),
        "State": stage.get("state"),
        "InputRows": int(stage.get("processedRows") or 0),
        "InputBytes": int(stage.get("processedBytes") or 0),
        "ExecutionTime": int(stage.get("wallTimeMillis") or 0),
        "SubStages": [_stage(each) for each in stage.get("subStages") or []],
    }
