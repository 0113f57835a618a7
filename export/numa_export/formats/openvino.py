"""OpenVINO folders: `<name>_openvino_model/` with `<name>.xml`, `<name>.bin` and the contract in `rt_info`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numa_runtime.contract import GOLDEN_KEY, RECORD_KEY, SPEC_KEY, BuildRecord, ModelSpec, record_to_json, spec_to_json
from numa_runtime.errors import MissingExtra, ModelError, SinkError
from numa_runtime.files import discard

FOLDER_SUFFIX = "_openvino_model"


def convert_onnx_bytes(data: bytes, name: str) -> Any:
    """Read ONNX bytes into an `openvino.Model`, which then needs no file.

    Args:
        data: the ONNX file's bytes.
        name: for messages.

    Raises:
        ModelError: OpenVINO cannot read it.
        MissingExtra: OpenVINO is not installed.
    """
    ov = _openvino()
    try:
        # Not `convert_model`: that tries every framework's reader and reports its use over the network.
        return ov.Core().read_model(data)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1]
        raise ModelError(f"{name} cannot be converted to OpenVINO: {reason}") from error


def write_contract(model: Any, spec: ModelSpec, record: BuildRecord, golden: str | None = None) -> None:
    """Put the contract into an `openvino.Model`'s `rt_info`, under the same keys as everywhere (`numa.spec` ...)."""
    texts = {SPEC_KEY: spec_to_json(spec), RECORD_KEY: record_to_json(record)}
    if golden is not None:
        texts[GOLDEN_KEY] = golden
    for key, text in texts.items():
        model.set_rt_info(text, key.split("."))
    for key in (SPEC_KEY, RECORD_KEY, GOLDEN_KEY):
        # The converter copies an ONNX file's metadata; a second, older contract would only mislead.
        if model.has_rt_info(["framework", key]):
            model.set_rt_info("", ["framework", key])


def write_folder(model: Any, part: Path, folder: Path, *, half_weights: bool = False) -> None:
    """Save a model as a folder; what an earlier call wrote to `part` is removed.

    Args:
        model: an `openvino.Model`.
        part: the temporary name of `folder`.
        folder: the final name.
        half_weights: stores float weights as fp16 (half the size); devices still compute in their own precision.

    Raises:
        SinkError: not writable, or the disk is full.
        MissingExtra: OpenVINO is not installed.
    """
    ov = _openvino()
    discard(part)
    part.mkdir()
    name = folder.name.removesuffix(FOLDER_SUFFIX)
    try:
        ov.save_model(model, str(part / f"{name}.xml"), compress_to_fp16=half_weights)
    except RuntimeError as error:
        raise SinkError(f"{folder} cannot be written: {str(error).strip().splitlines()[-1]}") from error


def _openvino() -> Any:
    try:
        import openvino
    except ModuleNotFoundError as error:
        raise MissingExtra("writing an OpenVINO model", "openvino", "openvino") from error
    return openvino
