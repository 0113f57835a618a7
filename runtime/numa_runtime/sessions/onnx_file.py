"""An ONNX file looked at without the onnx package: whether it is whole, and what its weights are stored in.

Only the protobuf wire format is walked (https://protobuf.dev/programming-guides/encoding); the field numbers are
those of onnx.proto: ModelProto.ir_version 1, .graph 7; GraphProto.node 1, .initializer 5; NodeProto.op_type 4,
.attribute 5; AttributeProto.t 5; TensorProto.dims 1, .data_type 2.
"""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from numa_runtime.errors import ModelError

_VARINT, _I64, _BYTES, _I32 = 0, 1, 2, 5
_DTYPES = {
    1: "float32",
    2: "uint8",
    3: "int8",
    10: "float16",
    11: "float64",
    16: "bfloat16",
    17: "float8",
    19: "float8",
}


class NotProtobuf(ValueError):
    """The bytes are not protobuf: an impossible wire type or field number."""


@dataclass(frozen=True, slots=True)
class Field:
    """One protobuf field.

    Attributes:
        number: the field's number.
        value: a varint's value.
        start: where its bytes start.
        end: where its bytes end, exclusive.
    """

    number: int
    value: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OnnxSummary:
    """What an ONNX file is made of.

    Attributes:
        operators: operators by name.
        weights: weight elements by dtype name; vectors and scalars are not weights.
    """

    operators: Counter[str]
    weights: Counter[str]


def fields(data: mmap.mmap | bytes, start: int, end: int) -> Iterator[Field]:
    """Walk the fields of the message in `data[start:end]`; a field's end may lie beyond it in a truncated file.

    Raises:
        NotProtobuf: these bytes are not a message.
    """
    position = start
    while position < end:
        key, position = _varint(data, position, end)
        number, wire = key >> 3, key & 7
        if number == 0:
            raise NotProtobuf(f"field number 0 at byte {position}")
        if wire == _VARINT:
            value, position = _varint(data, position, end)
            yield Field(number, value, position, position)
            continue
        if wire == _BYTES:
            length, position = _varint(data, position, end)
        elif wire in (_I64, _I32):
            length = 8 if wire == _I64 else 4
        else:
            raise NotProtobuf(f"wire type {wire} at byte {position}")
        yield Field(number, 0, position, position + length)
        position += length


def is_onnx(path: Path) -> bool:
    """Return whether the file is an ONNX model.

    Raises:
        ModelError: it starts as one and ends too early.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        seen: set[int] = set()
        try:
            for field in fields(data, 0, len(data)):
                if field.number == 1 and not 1 <= field.value <= 64:
                    return False
                seen.add(field.number)
                if field.end > len(data):
                    return _cut_off(path, field.end, len(data)) if 1 in seen else False
        except NotProtobuf:
            return False
        return 1 in seen and 7 in seen


def summarise(path: Path) -> OnnxSummary:
    """Count operators and weights of an ONNX file (`is_onnx` is true); reads the heads of tensors only."""
    summary = OnnxSummary(Counter(), Counter())
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for model in fields(data, 0, len(data)):
            if model.number == 7:
                _graph(data, model, summary)
    return summary


def _graph(data: mmap.mmap, graph: Field, summary: OnnxSummary) -> None:
    for field in fields(data, graph.start, graph.end):
        if field.number == 5:
            _tensor(data, field, summary)
        elif field.number == 1:
            _node(data, field, summary)


def _node(data: mmap.mmap, node: Field, summary: OnnxSummary) -> None:
    for field in fields(data, node.start, node.end):
        if field.number == 4:
            summary.operators[data[field.start : field.end].decode("utf-8", "replace")] += 1
        elif field.number == 5:
            for part in fields(data, field.start, field.end):
                if part.number == 5 and part.end > part.start:
                    _tensor(data, part, summary)


def _tensor(data: mmap.mmap, tensor: Field, summary: OnnxSummary) -> None:
    size, rank, dtype = 1, 0, 0
    for field in fields(data, tensor.start, tensor.end):
        if field.number == 1 and field.end == field.start:
            size, rank = size * field.value, rank + 1
        elif field.number == 1:
            for axis in _packed(data, field):
                size, rank = size * axis, rank + 1
        elif field.number == 2:
            dtype = field.value
    if rank >= 2 and dtype in _DTYPES:
        summary.weights[_DTYPES[dtype]] += size


def _packed(data: mmap.mmap, field: Field) -> Iterator[int]:
    position = field.start
    while position < field.end:
        value, position = _varint(data, position, field.end)
        yield value


def _varint(data: mmap.mmap | bytes, position: int, end: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= end:
            raise NotProtobuf("a number runs beyond the end")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
    raise NotProtobuf(f"a number of more than 10 bytes at {position}")


def _cut_off(path: Path, want: int, have: int) -> bool:
    raise ModelError(
        f"{path.name} is truncated: its graph ends at byte {want:,}, the file has {have:,}",
        hint="copy or download it again",
    )
