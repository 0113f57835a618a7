"""Weights that an ONNX file keeps in files next to it: which they are, and whether they are there and whole.

Looked at without the onnx package, once a file could not be opened. Field numbers of onnx.proto: ModelProto.graph 7;
GraphProto.initializer 5; TensorProto.external_data 13, pairs of key 1 and value 2: "location", "offset", "length".
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

from numa_runtime.errors import ModelError
from numa_runtime.sessions.onnx_file import Field, NotProtobuf, fields


def missing_weights(path: Path) -> ModelError | None:
    """Return what to say where a file of weights is missing or too short; None where all are there."""
    try:
        needed = _needed(path)
    except (NotProtobuf, OSError, ValueError):
        return None  # what is wrong with the file itself is told by whoever opened it
    for name, size in needed.items():
        part = path.parent / name
        if not part.is_file():
            return ModelError(
                f"{path.name} keeps its weights in {name}, which is missing: there is no {part}",
                hint=f"copy {name} into the folder of {path.name} too, under that very name: the two belong together",
            )
        have = part.stat().st_size
        if have < size:
            return ModelError(
                f"{name}, the weights of {path.name}, is truncated: it has {have:,} bytes of {size:,}",
                hint="copy or download it again",
            )
    return None


def _needed(path: Path) -> dict[str, int]:
    """Return by name how many bytes each file of weights has at least."""
    needed: dict[str, int] = {}
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for graph in _parts(data, Field(0, 0, 0, len(data)), 7):
            for tensor in _parts(data, graph, 5):
                where = dict(_text_pair(data, pair) for pair in _parts(data, tensor, 13))
                if name := where.get("location"):
                    end = int(where.get("offset") or 0) + int(where.get("length") or 0)
                    needed[name] = max(needed.get(name, 0), end)
    return needed


def _parts(data: mmap.mmap, message: Field, number: int) -> Iterator[Field]:
    return (field for field in fields(data, message.start, message.end) if field.number == number)


def _text_pair(data: mmap.mmap, pair: Field) -> tuple[str, str]:
    texts = {field.number: data[field.start : field.end].decode() for field in fields(data, pair.start, pair.end)}
    return texts.get(1, ""), texts.get(2, "")
