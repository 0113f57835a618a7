"""A foreign file run as it is, by plain ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from numa_export.proof.numbers import require_numbers
from numa_runtime.contract import ModelSpec
from numa_runtime.errors import ModelError

Outputs = dict[str, NDArray[Any]]


def runner(model: onnx.ModelProto, spec: ModelSpec, name: str) -> Callable[[NDArray[np.uint8]], Outputs]:
    """Return the file as a function from pixels `[B, C, H, W]`, uint8, to its outputs by name, in float32.

    Args:
        model: the foreign model, of one input.
        spec: describes it as it stands; its input says what becomes of the pixels.
        name: the file's name, for messages.

    Raises:
        ModelError: ONNX Runtime cannot run it.
    """
    session = open_plain(model, name)
    door, names = spec.input, [output.name for output in spec.outputs]
    repeats = door.planes // door.channels if door.mean else 1
    mean, std = (
        np.tile(np.asarray(values or (neutral,), np.float32), repeats).reshape(-1, 1, 1)
        for values, neutral in ((door.mean, 0), (door.std, 1))
    )

    def run(batch: NDArray[np.uint8]) -> Outputs:
        pixels = batch.astype(np.float32) * np.float32(door.scale)
        if door.mean:
            pixels = (pixels - mean) / std
        arrays = session.run(names, {door.name: pixels.astype(door.dtype)})
        require_numbers(dict(zip(names, arrays, strict=True)), name)
        return {key: array.astype(np.float32) for key, array in zip(names, arrays, strict=True)}

    return run


def open_plain(model: onnx.ModelProto, name: str) -> Any:
    """Return a plain session of ONNX Runtime on the CPU.

    Raises:
        ModelError: ONNX Runtime cannot open the file.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.log_severity_level = 3
    try:
        return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"{name} cannot be run by ONNX Runtime {ort.__version__}: {reason}") from error
