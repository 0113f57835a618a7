"""Which exports can be meant: one pure function over formats, options, precisions and targets."""

from numa_export.plan.format import Format
from numa_export.plan.options import OPTIONS
from numa_export.plan.planning import ExportPlan, Given, Profile, plan
from numa_export.plan.precision import Precision
from numa_export.plan.target import RTX_CAPABILITIES, Builder, Target

__all__ = [
    "OPTIONS",
    "RTX_CAPABILITIES",
    "Builder",
    "ExportPlan",
    "Format",
    "Given",
    "Precision",
    "Profile",
    "Target",
    "plan",
]
