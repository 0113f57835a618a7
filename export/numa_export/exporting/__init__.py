"""`export(model, format, images=...)`: from a network or one of our ONNX files to a proved artifact.

The names are fetched late: they need `onnx`, and a lean install may lack it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from numa_runtime.lazy import lazy

if TYPE_CHECKING:
    from numa_export.exporting.export_report import ExportReport, Written
    from numa_export.exporting.run import export

__all__ = ["ExportReport", "Written", "export"]

_HOMES = {"ExportReport": "export_report", "Written": "export_report", "export": "run"}

__getattr__, __dir__ = lazy(__name__, _HOMES, need="exporting", modules=("onnx",))
