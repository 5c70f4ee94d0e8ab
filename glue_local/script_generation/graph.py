"""The order of a graph's nodes."""

from collections.abc import Mapping, Sequence

from glue_local.core.faults import Invalid


def in_order(inputs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the nodes, each after its inputs, otherwise in the given order.

    ``inputs`` maps each node's id to those of its inputs. Raises Invalid for an input that is no node, and for a cycle.
    """
    for node, sources in inputs.items():
        for source in sources:
            if source not in inputs:
                raise Invalid(f"Node {node} has the input {source}, which is not a node of the graph.")
    missing = {node: set(before) for node, before in inputs.items()}
    consumers: dict[str, list[str]] = {node: [] for node in inputs}
    for node, waits in missing.items():
        for source in waits:
            consumers[source].append(node)
    ready = [node for node, waits in missing.items() if not waits]
    done: list[str] = []
    for node in ready:  # grows while it is read
        done.append(node)
        for consumer in consumers[node]:
            missing[consumer].discard(node)
            if not missing[consumer]:
                ready.append(consumer)
    if len(done) < len(inputs):
        rest = sorted(set(inputs) - set(done))
        raise Invalid(f"The graph has a cycle through its nodes {', '.join(rest[:10])}.")
    return done
