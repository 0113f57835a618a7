"""Reading a file that may be anything, and writing one that was checked and opened again."""

from __future__ import annotations

from pathlib import Path

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

from numa_runtime.errors import ModelError
from numa_runtime.files import explain_os_error
from numa_runtime.formats import Format
from numa_runtime.sessions.external_weights import missing_weights
from numa_runtime.sessions.sniff import sniff


def read_onnx(path: Path) -> onnx.ModelProto:
    """Open an ONNX file, weights included.

    Raises:
        ModelError: missing, something else (says what), cut off, or its external weights are not next to it.
    """
    if (format := sniff(path)) is not Format.ONNX:
        raise ModelError(f"{path.name} is a model of the format {format}, not an ONNX file", hint=_ONLY_ONNX)
    try:
        model = onnx.load(path)
    except DecodeError as error:
        raise ModelError(f"{path.name} is a damaged ONNX file: {error}", hint="copy or download it again") from error
    except (OSError, ValueError, onnx.checker.ValidationError) as error:
        raise missing_weights(path) or ModelError(f"{path}: its weights cannot be read: {error}") from error
    if not model.graph.node:
        raise ModelError(f"{path.name} is an ONNX file without a network in it", hint=_ONLY_ONNX)
    return model


_ONLY_ONNX = "give the .onnx file of the network"


def check(model: onnx.ModelProto) -> onnx.ModelProto:
    """Run the onnx checker with full shape inference; return the model with all shapes filled in.

    Raises:
        ModelError: the graph breaks an operator's rules, or shapes disagree.
    """
    try:
        onnx.checker.check_model(model, full_check=True)
        return onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        reason = str(error).strip().splitlines()[0][:300]
        raise ModelError(f"the graph is not valid ONNX: {reason}") from error


def write_onnx(model: onnx.ModelProto, path: Path) -> None:
    """Check the model, write it as one file, open it again and check what was read.

    Args:
        model: what to write.
        path: written directly: callers pass the temporary name of `files.atomic_path`.

    Raises:
        ModelError: the graph is not valid.
        SinkError: the disk is full or the folder not writable.
    """
    check(model)
    try:
        onnx.save(model, path)
    except OSError as error:
        raise explain_os_error(path, error) from error
    check(read_onnx(path))
