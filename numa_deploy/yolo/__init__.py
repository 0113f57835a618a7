"""`YOLO` and what it is made of; torch-free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_deploy.yolo.model import YOLO as YOLO

__all__ = ["YOLO"]

__getattr__, __dir__ = lazy(__name__, {"YOLO": "model"})
