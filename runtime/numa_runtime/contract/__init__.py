"""The model's description that travels inside every checkpoint and artifact."""

from numa_runtime.contract.codec import (
    GOLDEN_KEY,
    RECORD_KEY,
    SPEC_KEY,
    record_from_json,
    record_to_json,
    spec_from_json,
    spec_hash,
    spec_to_json,
)
from numa_runtime.contract.spec import (
    CONTRACT_VERSION,
    TRACKING,
    Anchor,
    BuildRecord,
    Color,
    InputSpec,
    Layout,
    LetterboxRule,
    ModelSpec,
    OutputSpec,
    Task,
    Thresholds,
)

__all__ = [
    "CONTRACT_VERSION",
    "GOLDEN_KEY",
    "RECORD_KEY",
    "SPEC_KEY",
    "TRACKING",
    "Anchor",
    "BuildRecord",
    "Color",
    "InputSpec",
    "Layout",
    "LetterboxRule",
    "ModelSpec",
    "OutputSpec",
    "Task",
    "Thresholds",
    "record_from_json",
    "record_to_json",
    "spec_from_json",
    "spec_hash",
    "spec_to_json",
]
