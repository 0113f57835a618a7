"""The golden sample: an input and its expected answers that travel inside the artifact."""

from numa_runtime.golden.checking import check_sample, check_session
from numa_runtime.golden.making import Runner, make_sample
from numa_runtime.golden.report import GoldenReport, Measured
from numa_runtime.golden.sample import GoldenSample
from numa_runtime.golden.tolerance import GoldenTolerance

__all__ = [
    "GoldenReport",
    "GoldenSample",
    "GoldenTolerance",
    "Measured",
    "Runner",
    "check_sample",
    "check_session",
    "make_sample",
]
