"""Cleaning: removes nodes without a reader, unused initialisers, stale shapes and unused operator sets."""

from __future__ import annotations

import onnx


def clean(model: onnx.ModelProto) -> int:
    """Remove what no output depends on, in place; return how many nodes went."""
    graph = model.graph
    alive = _needed_nodes(graph)
    removed = len(graph.node) - len(alive)
    kept = [graph.node[index] for index in sorted(alive)]
    nodes = [onnx.NodeProto.FromString(node.SerializeToString()) for node in kept]
    del graph.node[:]
    graph.node.extend(nodes)
    read = _read_names(graph)
    _keep(graph.initializer, {init.name for init in graph.initializer if init.name in read})
    outputs = {value.name for value in graph.output}
    _keep(graph.input, {value.name for value in graph.input if value.name in read or value.name in outputs})
    # Shapes of inner tensors are worth nothing to a reader, who infers them, and wrong once the size changes.
    del graph.value_info[:]
    _drop_unused_domains(model)
    return removed


def _needed_nodes(graph: onnx.GraphProto) -> set[int]:
    producer = {name: index for index, node in enumerate(graph.node) for name in node.output if name}
    waiting = [value.name for value in graph.output]
    alive: set[int] = set()
    while waiting:
        index = producer.get(waiting.pop())
        if index is not None and index not in alive:
            alive.add(index)
            waiting += _inputs(graph.node[index])
    return alive


def _inputs(node: onnx.NodeProto) -> list[str]:
    """Return what a node reads, its subgraphs included."""
    names = list(node.input)
    for attribute in node.attribute:
        for inner in [attribute.g] if attribute.type == onnx.AttributeProto.GRAPH else attribute.graphs:
            names += [value.name for value in inner.output]
            for child in inner.node:
                names += _inputs(child)
    return names


def _read_names(graph: onnx.GraphProto) -> set[str]:
    return {name for node in graph.node for name in _inputs(node)} | {value.name for value in graph.output}


def _keep(field: object, names: set[str]) -> None:
    entries = [entry for entry in field if entry.name in names]  # type: ignore[attr-defined]
    if len(entries) != len(field):  # type: ignore[arg-type]
        copies = [type(entry).FromString(entry.SerializeToString()) for entry in entries]
        del field[:]  # type: ignore[attr-defined]
        field.extend(copies)  # type: ignore[attr-defined]


def _drop_unused_domains(model: onnx.ModelProto) -> None:
    used = {_domain(node.domain) for node in _all_nodes(model.graph)}
    used |= {_domain(node.domain) for function in model.functions for node in function.node}
    kept = [(entry.domain, entry.version) for entry in model.opset_import if _domain(entry.domain) in {"", *used}]
    del model.opset_import[:]
    model.opset_import.extend(onnx.helper.make_opsetid(domain, version) for domain, version in kept)


def _all_nodes(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    nodes = list(graph.node)
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [attribute.g] if attribute.type == onnx.AttributeProto.GRAPH else attribute.graphs:
                nodes += _all_nodes(inner)
    return nodes


def _domain(text: str) -> str:
    return "" if text == "ai.onnx" else text
