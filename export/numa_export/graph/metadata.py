"""The contract inside an ONNX file: `metadata_props` under our own keys, next to what other tools wrote."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as distribution_version

import onnx

from numa_runtime.contract import (
    GOLDEN_KEY,
    RECORD_KEY,
    SPEC_KEY,
    BuildRecord,
    ModelSpec,
    record_from_json,
    record_to_json,
    spec_from_json,
    spec_to_json,
)

OURS = (SPEC_KEY, RECORD_KEY, GOLDEN_KEY)

# What a file says about its licence and origin travels on; what describes the old input or head ("imgsz",
# "names", "onnx.infer", ...) would be wrong or duplicated once the contract is in.
KEPT = ("license", "author", "description", "docs", "date")


@dataclass(frozen=True, slots=True)
class Contract:
    """What one of our ONNX files carries; `golden` is the golden sample's text."""

    spec: ModelSpec
    record: BuildRecord | None = None
    golden: str | None = None


def properties(model: onnx.ModelProto) -> dict[str, str]:
    """Return all of a model's metadata as text by key."""
    return {entry.key: entry.value for entry in model.metadata_props}


def is_ours(model: onnx.ModelProto) -> bool:
    """Whether the model carries our contract."""
    return SPEC_KEY in properties(model)


def read_contract(model: onnx.ModelProto) -> Contract | None:
    """Return the contract, or None for a foreign model.

    Raises:
        ContractError: the contract is damaged or of a newer major version.
    """
    found = properties(model)
    if SPEC_KEY not in found:
        return None
    record = record_from_json(found[RECORD_KEY]) if RECORD_KEY in found else None
    return Contract(spec_from_json(found[SPEC_KEY]), record, found.get(GOLDEN_KEY))


def write_contract(model: onnx.ModelProto, contract: Contract) -> None:
    """Put the contract into the model, replacing an older one; other keys stay as they are."""
    texts = {SPEC_KEY: spec_to_json(contract.spec)}
    if contract.record is not None:
        texts[RECORD_KEY] = record_to_json(contract.record)
    if contract.golden is not None:
        texts[GOLDEN_KEY] = contract.golden
    others = {key: value for key, value in properties(model).items() if key not in OURS}
    _replace(model, {**others, **texts})


def drop_foreign(model: onnx.ModelProto) -> None:
    """Keep of other tools' metadata only licence and origin (`KEPT`)."""
    _replace(model, {key: value for key, value in properties(model).items() if key in (*KEPT, *OURS)})


def _replace(model: onnx.ModelProto, texts: dict[str, str]) -> None:
    del model.metadata_props[:]
    for key, value in texts.items():
        model.metadata_props.append(onnx.StringStringEntryProto(key=key, value=value))


def version() -> str:
    """Return this distribution's version, "0" when it runs from an unpacked tree."""
    try:
        return distribution_version("numa-deploy")
    except PackageNotFoundError:
        return "0"
