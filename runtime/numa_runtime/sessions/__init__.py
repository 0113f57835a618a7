"""Sessions: a loaded artifact, arrays in, arrays out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_runtime.sessions.base import Session as Session
    from numa_runtime.sessions.base import TensorInfo as TensorInfo
    from numa_runtime.sessions.loading import load as load
    from numa_runtime.sessions.reid import ReidExtractor as ReidExtractor

_HOMES = {"load": "loading", "ReidExtractor": "reid", "Session": "base", "TensorInfo": "base"}

__getattr__, __dir__ = lazy(__name__, _HOMES)
