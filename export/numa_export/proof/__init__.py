"""The proof that two things which should answer alike do: source and artifact, network and export."""

from numa_export.proof.comparison import Predictor, compare
from numa_export.proof.parity_report import OutputError, ParityReport
from numa_export.proof.tolerance import Tolerance
from numa_export.proof.verdict import enforce, rejected_path

__all__ = ["OutputError", "ParityReport", "Predictor", "Tolerance", "compare", "enforce", "rejected_path"]
