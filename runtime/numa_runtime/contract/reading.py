"""From what lies in a file to its contract: ours, Ultralytics', or judged by shapes, in this order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from numa_runtime.contract.choosing import way_out
from numa_runtime.contract.codec import GOLDEN_KEY, RECORD_KEY, SPEC_KEY, record_from_json, spec_from_json
from numa_runtime.contract.metadata_values import ADOPT, has_ultralytics
from numa_runtime.contract.shapes import spec_from_shapes
from numa_runtime.contract.spec import BuildRecord, ModelSpec
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.contract.ultralytics import spec_from_ultralytics
from numa_runtime.errors import ContractError


class ContractOrigin(StrEnum):
    """Where a contract came from."""

    NUMA = "numa"
    ULTRALYTICS = "ultralytics metadata"
    SHAPES = "shapes"


@dataclass(frozen=True, slots=True)
class Contract:
    """All an artifact says about itself.

    Attributes:
        spec: the model half of the contract.
        origin: where the contract came from.
        record: how the file was made; None for foreign files.
        golden: the golden sample as text; None for foreign files.
    """

    spec: ModelSpec
    origin: ContractOrigin
    record: BuildRecord | None = None
    golden: str | None = None


def read_contract(
    metadata: Mapping[str, Any], inputs: Sequence[TensorInfo], outputs: Sequence[TensorInfo], where: str
) -> Contract:
    """Return the contract of a file.

    Args:
        metadata: what the file carries, by key: texts, or plain values where the container is JSON or YAML.
        inputs: all inputs of the file.
        outputs: all outputs of the file.
        where: the file's path: its name for messages, all of it for commands.

    Raises:
        ContractError: damaged, too new, for a task that is not supported here, or nothing to go by; names the file.
    """
    try:
        if SPEC_KEY in metadata:
            return _ours(metadata)
        if has_ultralytics(metadata):
            return Contract(spec_from_ultralytics(metadata, inputs, outputs), ContractOrigin.ULTRALYTICS)
    except ContractError as error:
        hint = way_out(metadata, inputs, outputs, where) if error.hint == ADOPT else error.hint
        raise ContractError(f"{Path(where).name}: {error.what}", hint=hint) from error
    return Contract(spec_from_shapes(inputs, outputs, where), ContractOrigin.SHAPES)


def _ours(metadata: Mapping[str, Any]) -> Contract:
    record, golden = metadata.get(RECORD_KEY), metadata.get(GOLDEN_KEY)
    return Contract(
        spec=spec_from_json(_text(metadata[SPEC_KEY])),
        origin=ContractOrigin.NUMA,
        record=record_from_json(_text(record)) if record is not None else None,
        golden=_text(golden) if golden is not None else None,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
