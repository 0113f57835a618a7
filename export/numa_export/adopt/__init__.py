"""Foreign ONNX in, an artifact of ours out: uint8 input, decode and top-k in the graph, contract, proof, golden sample.

The names are fetched late: `onnx` is the one package this needs, and a lean install may lack it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.contract.family import Family
from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_export.adopt.adopt_report import AdoptReport
    from numa_export.adopt.run import adopt

__all__ = ["AdoptReport", "Family", "adopt"]

_HOMES = {"adopt": "run", "AdoptReport": "adopt_report"}

__getattr__, __dir__ = lazy(__name__, _HOMES, need="adopting a foreign model", modules=("onnx",))
