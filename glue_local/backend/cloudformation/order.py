"""The creation order of a template's resources: dependencies first."""

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

_IN_TEXT = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[\w.]+)?\}")


def dependencies(resource: Any) -> Iterator[str]:
    """Yield the logical ids that a resource refers to: by Ref, Fn::GetAtt, Fn::Sub and DependsOn."""
    if isinstance(resource, list):
        for each in resource:
            yield from dependencies(each)
    if not isinstance(resource, dict):
        return
    for name, value in resource.items():
        if name in ("Ref", "DependsOn") and isinstance(value, str):
            yield value
        elif name == "DependsOn":
            yield from value
        elif name == "Fn::GetAtt":
            yield value.partition(".")[0] if isinstance(value, str) else str(value[0])
        else:
            if name == "Fn::Sub":
                text = value[0] if isinstance(value, list) else value
                yield from _IN_TEXT.findall(str(text))
            yield from dependencies(value)


def in_order(resources: dict[str, Any]) -> list[str]:
    """Return the logical ids in creation order, otherwise in the template's order; raises ValueError for a cycle."""
    graph = {name: [each for each in dependencies(body) if each in resources] for name, body in resources.items()}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ValueError(
            f"Circular dependency between resources: [{', '.join(dict.fromkeys(error.args[1]))}]"
        ) from None
