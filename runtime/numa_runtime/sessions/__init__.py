"""Sessions: a loaded artifact, arrays in, arrays out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numa_runtime.sessions.base import Session as Session
    from numa_runtime.sessions.base import TensorInfo as TensorInfo
    from numa_runtime.sessions.loading import load as load

# No submodule may carry one of these names: importing it would hide the function behind the module.
_HOMES = {"load": "loading", "Session": "base", "TensorInfo": "base"}


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for, so that `import numa_runtime.sessions` stays light."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
