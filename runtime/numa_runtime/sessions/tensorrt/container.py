"""An engine on disk: an optional Ultralytics prefix, the plan, and the contract inside it or in the sidecar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numa_runtime.contract.codec import SPEC_KEY, spec_from_json, spec_hash
from numa_runtime.errors import ContractError, EngineError
from numa_runtime.sessions.tensorrt.header import (
    HEADER_BYTES,
    LONGEST_PREFIX,
    EngineHeader,
    parse_header,
    prefix_length,
)

HASH_KEY = "numa.hash"
_REBUILD = "copy it again, or build it again: numa-deploy export --format engine"


@dataclass(frozen=True, slots=True)
class EngineFile:
    """An engine that was looked at, not loaded.

    Attributes:
        path: the engine.
        header: what the plan says of itself.
        offset: where the plan starts.
        metadata: the contract by key (`numa.spec` ...) or Ultralytics' words, {} when the file carries none.
    """

    path: Path
    header: EngineHeader
    offset: int = 0
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def plan(self) -> bytes:
        """Return the pure plan, which `deserialize_cuda_engine` takes."""
        return self.path.read_bytes()[self.offset :]


def sidecar_path(engine: Path) -> Path:
    """Return the path of an engine's sidecar: `best.engine.json` for `best.engine`."""
    return engine.with_name(engine.name + ".json")


def open_engine(path: Path) -> EngineFile:
    """Look at an engine without TensorRT and without a GPU.

    Raises:
        EngineError: not an engine, or truncated.
        ContractError: its prefix or sidecar is damaged, or the sidecar belongs to another engine.
    """
    data = path.read_bytes()
    offset = prefix_length(data[:6]) or 0
    prefix = _prefix(data, offset, path.name)
    header = parse_header(data[offset : offset + HEADER_BYTES], path.name)
    have = len(data) - offset
    if header.size is not None and have < header.size:
        raise EngineError(
            f"{path.name} is truncated: its header says {header.size:,} bytes, the file has {have:,}", hint=_REBUILD
        )
    return EngineFile(path, header, offset, prefix or _contract(path, data))


def find_text(plan: bytes) -> dict[str, Any]:
    """Return the JSON object that lies in the plan as the network's name, {} when there is none.

    TensorRT keeps `network.name` verbatim, so no engine has to be loaded to read it.
    """
    for key in (SPEC_KEY, HASH_KEY):
        start = plan.find(f'{{"{key}":'.encode())
        if start < 0:
            continue
        # ASCII JSON without NUL: everything up to the first byte that is not text, then one object of it.
        window = plan[start : start + 4096].split(b"\0", 1)[0].decode("latin-1")
        try:
            found, _ = json.JSONDecoder().raw_decode(window)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def _prefix(data: bytes, offset: int, where: str) -> dict[str, Any]:
    if offset == 0:
        return {}
    if len(data) < offset + HEADER_BYTES:
        raise EngineError(f"{where} is truncated: it ends inside the metadata in front of the engine", hint=_REBUILD)
    try:
        found = json.loads(data[4:offset])
    except ValueError as error:
        raise ContractError(f"{where}: the metadata in front of the engine is not JSON: {error}") from error
    return found if isinstance(found, dict) else {}


def _contract(path: Path, plan: bytes) -> dict[str, Any]:
    inside, sidecar = find_text(plan), _sidecar(sidecar_path(path))
    if inside and sidecar and _hash(inside) != _hash(sidecar):
        raise ContractError(
            f"{sidecar_path(path).name} describes another model than {path.name} "
            f"(contract {_hash(sidecar)}, engine {_hash(inside)})",
            hint="copy engine and sidecar together, or build again: numa-deploy export --format engine",
        )
    if SPEC_KEY in inside or SPEC_KEY in sidecar:
        return {**inside, **sidecar}
    if inside:
        raise ContractError(
            f"the contract of {path.name} lies in {sidecar_path(path).name}, which is missing",
            hint="copy the .json that was written next to the engine",
        )
    return sidecar


def _sidecar(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        if path.stat().st_size > 64 * LONGEST_PREFIX:
            raise ValueError("too large")
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise ContractError(f"{path.name} is not JSON: {error}", hint="copy it again, or remove it") from error
    if not isinstance(found, dict):
        raise ContractError(f"{path.name} holds no JSON object", hint="copy it again, or remove it")
    return found


def _hash(contract: Mapping[str, Any]) -> str:
    if SPEC_KEY in contract:
        spec = contract[SPEC_KEY]
        return spec_hash(spec_from_json(spec if isinstance(spec, str) else json.dumps(spec)))
    return str(contract.get(HASH_KEY, ""))
