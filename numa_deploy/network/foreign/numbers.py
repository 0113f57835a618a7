"""From a tensor's description to its numbers."""

from __future__ import annotations

import torch
from torch import Tensor

from numa_deploy.network.foreign.archive import Archive, BadArchive
from numa_deploy.network.foreign.records import TensorRecord

_TYPES = {
    "Half": torch.float16,
    "BFloat16": torch.bfloat16,
    "Float": torch.float32,
    "Double": torch.float64,
    "Long": torch.int64,
    "Int": torch.int32,
    "Short": torch.int16,
    "Char": torch.int8,
    "Byte": torch.uint8,
    "Bool": torch.bool,
}


def is_half(record: TensorRecord) -> bool:
    """Whether its numbers are stored in 16 bits."""
    return record.storage.element in ("Half", "BFloat16")


def numbers_of(archive: Archive, record: TensorRecord) -> Tensor:
    """Return a tensor's numbers, contiguous, floats as float32.

    Raises:
        BadArchive: the storage's member is missing, damaged, or not as long as the tensor's description says.
    """
    kind = _TYPES[record.storage.element]
    member = f"data/{record.storage.key}"
    expected = record.storage.count * kind.itemsize
    data = archive.read(member, most=expected)
    if len(data) != expected:
        raise BadArchive(f"{member} has {len(data):,} bytes, but its description says {expected:,}")
    if not data:
        return torch.empty(record.size, dtype=torch.float32 if kind.is_floating_point else kind)
    flat = torch.frombuffer(bytearray(data), dtype=kind)
    view = flat.as_strided(record.size, record.stride, record.offset)
    return (view.float() if kind.is_floating_point else view).clone(memory_format=torch.contiguous_format)
