"""The network: trunk, heads, checkpoint; everything here but this file needs torch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_deploy.network.builder import build as build
    from numa_deploy.network.checkpoint import load as load
    from numa_deploy.network.checkpoint import save as save
    from numa_deploy.network.model import Network as Network

_HOMES = {"Network": "model", "build": "builder", "load": "checkpoint", "save": "checkpoint"}

__getattr__, __dir__ = lazy(__name__, _HOMES, need="a network", modules=("torch",))
