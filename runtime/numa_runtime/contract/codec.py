"""The contract as JSON text, and the rules for reading what another version wrote."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

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
from numa_runtime.errors import ContractError
from numa_runtime.installing import upgrade_line

SPEC_KEY = "numa.spec"
RECORD_KEY = "numa.record"
GOLDEN_KEY = "numa.golden"


def spec_to_json(spec: ModelSpec) -> str:
    """Return the canonical JSON text of `spec`: sorted keys, no spaces."""
    data = asdict(spec)
    # What few contracts have is omitted elsewhere: all other contracts keep the text and the hash they had before.
    data["input"] = {key: value for key, value in data["input"].items() if key not in _OPTIONAL or value}
    data["thresholds"] = {key: value for key, value in data["thresholds"].items() if value is not None}
    return _dump(data)


def record_to_json(record: BuildRecord) -> str:
    """Return the canonical JSON text of `record`."""
    return _dump(asdict(record))


def spec_hash(spec: ModelSpec) -> str:
    """Return the first 16 hex digits of the sha256 of the canonical JSON."""
    return hashlib.sha256(spec_to_json(spec).encode()).hexdigest()[:16]


def spec_from_json(text: str) -> ModelSpec:
    """Read what `spec_to_json` wrote.

    A newer minor version is read with a warning (unknown fields are ignored), a newer major one refused.

    Raises:
        ContractError: not JSON, a required field is missing or of the wrong kind, or a newer major version.
    """
    data = _load(text)
    _check_version(data.get("version"))
    try:
        return _spec(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContractError(f"the model's contract is damaged: {_reason(error)}", hint=_REWRITE) from error


def record_from_json(text: str) -> BuildRecord:
    """Read what `record_to_json` wrote.

    Raises:
        ContractError: not JSON, or a required field is missing.
    """
    data = _load(text)
    try:
        fields = {**data, "options": _pairs(data.get("options", ())), "profiles": tuple(data.get("profiles", ()))}
        return BuildRecord(**{key: fields[key] for key in fields if key in BuildRecord.__dataclass_fields__})
    except (KeyError, TypeError, ValueError) as error:
        raise ContractError(f"the artifact's build record is damaged: {_reason(error)}", hint=_REWRITE) from error


_NORMALISING = ("mean", "std")
_OPTIONAL = (*_NORMALISING, "imgsz", "background")
_REWRITE = "write the artifact again (numa-deploy export or adopt)"


def _dump(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _load(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ContractError(f"the contract is not JSON: {error}", hint=_REWRITE) from error
    if not isinstance(data, dict):
        raise ContractError(f"the contract is a JSON {type(data).__name__}, not an object", hint=_REWRITE)
    return data


def _check_version(version: object) -> None:
    if not (isinstance(version, list) and len(version) == 2 and all(isinstance(part, int) for part in version)):
        raise ContractError(f"the contract has no valid version (found {version!r})", hint=_REWRITE)
    major, minor = version
    ours = ".".join(map(str, CONTRACT_VERSION))
    if major != CONTRACT_VERSION[0]:
        raise ContractError(
            f"the contract has version {major}.{minor}; this numa-deploy reads {CONTRACT_VERSION[0]}.x",
            hint=upgrade_line(),
        )
    if minor > CONTRACT_VERSION[1]:
        warnings.warn(
            f"contract version {major}.{minor} is newer than {ours}: unknown fields are ignored", stacklevel=3
        )


def _spec(data: Mapping[str, Any]) -> ModelSpec:
    keypoints = data.get("keypoint_shape")
    return ModelSpec(
        task=Task(data["task"]),
        names=_words(data["names"]),
        stride=int(data["stride"]),
        input=_input(data["input"]),
        outputs=tuple(OutputSpec(o["name"], tuple(o["shape"]), o.get("meaning", "")) for o in data["outputs"]),
        layout=Layout(data["layout"]),
        name=str(data.get("name", "")),
        keypoint_shape=(int(keypoints[0]), int(keypoints[1])) if keypoints else None,
        groups=int(data.get("groups", 0)),
        pose_frame=int(data.get("pose_frame", -1)),
        ball_names=_words(data.get("ball_names", ())),
        thresholds=_thresholds(data.get("thresholds", {})),
        version=(int(data["version"][0]), int(data["version"][1])),
    )


def _thresholds(data: Mapping[str, Any]) -> Thresholds:
    plain = _known(Thresholds, data)
    tracking = {name: float(plain[name]) for name in TRACKING if plain.get(name) is not None}
    wrong = next((name for name, value in tracking.items() if not 0 <= value <= 1), None)
    if wrong is not None:
        raise ValueError(f"{wrong} is {tracking[wrong]:g}, and a threshold lies from 0 to 1")
    return Thresholds(**{**plain, **tracking})


def _words(value: Any) -> tuple[str, ...]:
    # A single text is iterable too: it would become one class per letter.
    if isinstance(value, str):
        raise TypeError(f"{value!r} is a text where a list of names is needed")
    return tuple(str(name) for name in value)


def _input(data: Mapping[str, Any]) -> InputSpec:
    rule = data.get("letterbox", {})
    letterbox = LetterboxRule(Anchor(rule.get("anchor", "center")), int(rule.get("pad_value", 114)))
    plain = _known(InputSpec, {key: value for key, value in data.items() if key not in ("letterbox", "color")})
    plain |= {key: tuple(map(float, plain.get(key, ()))) for key in _NORMALISING}
    plain["imgsz"] = imgsz_of(plain.get("imgsz"))
    return InputSpec(**plain, color=Color(data.get("color", "rgb")), letterbox=letterbox)


def imgsz_of(value: Any) -> int | tuple[int, int] | None:
    """Return a size as it was before a text made a list of it: longest side, (height, width) or None."""
    if value is None or isinstance(value, int):
        return value
    height, width = value
    return int(height), int(width)


def _known(cls: type, data: Mapping[str, Any]) -> dict[str, Any]:
    names = cls.__dataclass_fields__  # type: ignore[attr-defined]
    return {key: value for key, value in data.items() if key in names}


def _pairs(options: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in options)


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
