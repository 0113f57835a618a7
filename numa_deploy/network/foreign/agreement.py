"""Whether a foreign module computes what ours does: what tensors do not show is compared field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import nn

from numa_deploy.network.blocks.attention import Attention
from numa_deploy.network.blocks.csp import Bottleneck
from numa_deploy.network.foreign.records import Record

_FIELDS: dict[type[nn.Module], tuple[str, ...]] = {
    nn.Conv2d: ("kernel_size", "stride", "padding", "dilation", "groups", "padding_mode"),
    nn.BatchNorm2d: ("eps",),
    nn.MaxPool2d: ("kernel_size", "stride", "padding"),
    nn.Upsample: ("scale_factor", "mode"),
    Bottleneck: ("add",),
}
_ACTIVATIONS = (nn.SiLU, nn.Identity)


def disagreement(ours: Mapping[str, nn.Module], theirs: Mapping[str, Record]) -> str:
    """Return the first difference as words ("model.0.act is ReLU, not SiLU"), "" where there is none.

    Args:
        ours: our modules by dotted path.
        theirs: the foreign modules by our path.
    """
    for path, module in ours.items():
        record = theirs.get(path)
        if record is None:
            continue
        if path.endswith(".act") and isinstance(module, _ACTIVATIONS) and record.name != type(module).__name__:
            return f"{path} is {record.name}, not {type(module).__name__}"
        if isinstance(module, Attention) and record.get("num_heads", module.heads) != module.heads:
            return f"{path} has {record.get('num_heads')} heads, not {module.heads}"
        fields = next((fields for kind, fields in _FIELDS.items() if type(module) is kind), ())
        for field in fields:
            given, own = record.get(field, getattr(module, field)), getattr(module, field)
            if _plain(given) != _plain(own):
                return f"{path}.{field} is {given!r}, not {own!r}"
    return ""


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list) and len(set(value)) == 1:
        return float(value[0])
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
