"""The network: trunk, heads, checkpoint; everything here but this file needs torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numa_deploy.network.builder import build as build
    from numa_deploy.network.checkpoint import load as load
    from numa_deploy.network.checkpoint import save as save
    from numa_deploy.network.model import Network as Network

_HOMES = {"Network": "model", "build": "builder", "load": "checkpoint", "save": "checkpoint"}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that `import numa_deploy.network` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
