"""Loading weights into a network: every tensor must fit, and what does not is named."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from numa_deploy.network.heads.track import TrackHead
from numa_deploy.network.model import Network
from numa_runtime.errors import ModelError


def load_state(network: Network, state: Mapping[str, Tensor], where: str) -> None:
    """Copy `state` into `network`; fixed tables (DFL bins, batch counters) may be missing.

    Raises:
        ModelError: a tensor is missing, too many, or has another shape; the first is named.
    """
    own = network.state_dict()
    missing = [name for name in own if name not in state and not is_fixed(name)]
    extra = [name for name in state if name not in own]
    if missing or extra:
        both = [
            f"{len(names)} {word} (first: {names[0]})"
            for names, word in ((missing, "missing"), (extra, "unknown"))
            if names
        ]
        raise ModelError(
            f"the weights in {where} do not fit {network.spec.name}: tensors {' and '.join(both)}",
            hint="build the network these weights were made for: scale, family and heads must agree",
        )
    for name, tensor in state.items():
        if tensor.shape != own[name].shape:
            raise ModelError(_mismatch(network, name, tensor, own[name], where))
    network.load_state_dict(dict(state), strict=False)


def is_fixed(name: str) -> bool:
    """Whether a tensor is a table or a counter, the same in every network."""
    return name.endswith(("dfl.conv.weight", "num_batches_tracked"))


def _mismatch(network: Network, name: str, given: Tensor, own: Tensor, where: str) -> str:
    what = f"{where}: {name} has the shape {list(given.shape)}, but {network.spec.name} needs {list(own.shape)}"
    layer = next((layer for layer, _ in network.heads() if name.startswith(f"model.{layer}.")), None)
    head = network.model[layer] if layer else None
    if isinstance(head, TrackHead):
        what += (
            f" (track head: num_groups G={head.num_groups}, feat_no F={head.feat_no}, "
            f"reg_max R={head.reg_max}, nc={head.nc})"
        )
    elif head is not None:
        what += f" (head with nc={head.nc})"
    return what
