"""Which exports make sense: one pure function over formats, options, precisions and targets."""

from numa_export.plan.options import NOT_OURS, OPTIONS, asked_form, read_options
from numa_export.plan.planning import ExportPlan, Given, Profile, plan
from numa_export.plan.rules import RULES, FormatRules
from numa_export.plan.target import RTX_CAPABILITIES, Builder, Precision, Target

__all__ = [
    "NOT_OURS",
    "OPTIONS",
    "RTX_CAPABILITIES",
    "RULES",
    "Builder",
    "ExportPlan",
    "FormatRules",
    "Given",
    "Precision",
    "Profile",
    "Target",
    "asked_form",
    "plan",
    "read_options",
]
