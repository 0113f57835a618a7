"""What goes into an engine besides the network: its name, which carries the contract, and the sidecar."""

from __future__ import annotations

import json
from typing import Any

from numa_runtime.contract import (
    GOLDEN_KEY,
    RECORD_KEY,
    SPEC_KEY,
    BuildRecord,
    ModelSpec,
    record_to_json,
    spec_hash,
    spec_to_json,
)
from numa_runtime.errors import ContractError
from numa_runtime.sessions.tensorrt.container import HASH_KEY

LONGEST_NAME = 4095  # TensorRT silently keeps the old name when given a longer one


def network_name(spec: ModelSpec, record: BuildRecord | None = None) -> str:
    """Return the text for `network.name`: contract and record, else the contract alone, else its hash.

    ASCII JSON of at most 4,095 characters. Where only the hash fits, the sidecar must travel with the engine.
    """
    wanted: dict[str, Any] = {SPEC_KEY: json.loads(spec_to_json(spec))}
    if record is not None:
        text = _dump({**wanted, RECORD_KEY: json.loads(record_to_json(record))})
        if len(text) <= LONGEST_NAME:
            return text
    text = _dump(wanted)
    return text if len(text) <= LONGEST_NAME else _dump({HASH_KEY: spec_hash(spec)})


def name_network(network: Any, spec: ModelSpec, record: BuildRecord | None = None) -> str:
    """Set an `INetworkDefinition`'s name and return it.

    Raises:
        ContractError: TensorRT did not keep it (it refuses without an exception).
    """
    text = network_name(spec, record)
    network.name = text
    if network.name != text:
        raise ContractError(f"TensorRT did not keep the network's name of {len(text)} characters, the contract is lost")
    return text


def sidecar_text(spec: ModelSpec, record: BuildRecord, golden: str | None = None) -> str:
    """Return the sidecar's JSON: contract, record and golden sample."""
    content: dict[str, Any] = {
        SPEC_KEY: json.loads(spec_to_json(spec)),
        RECORD_KEY: json.loads(record_to_json(record)),
    }
    if golden is not None:
        content[GOLDEN_KEY] = golden
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def _dump(content: dict[str, Any]) -> str:
    # HASH_KEY and SPEC_KEY must stay first: readers find the text in the engine by its first characters.
    return json.dumps(content, separators=(",", ":"), ensure_ascii=True)
