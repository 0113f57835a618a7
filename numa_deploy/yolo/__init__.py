"""`YOLO` and what it is made of; torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numa_deploy.yolo.model import YOLO as YOLO

__all__ = ["YOLO"]


def __getattr__(name: str) -> Any:
    if name != "YOLO":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from numa_deploy.yolo.model import YOLO

    return YOLO
