"""`export(model, format, images=...)`: from a network or one of our ONNX files to a proved artifact."""

from __future__ import annotations

from numa_export.exporting.export_report import ExportReport, Written
from numa_export.exporting.run import export

__all__ = ["ExportReport", "Written", "export"]
