"""Other people's ReID networks: an ONNX file that turns a crop into a vector."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numa_runtime.contract.tensor import TensorInfo, fixed
from numa_runtime.errors import ModelError
from numa_runtime.formats import Format
from numa_runtime.paths import expand
from numa_runtime.sessions.device import parse_device
from numa_runtime.sessions.sniff import sniff
from numa_runtime.sessions.threads import thread_count
from numa_runtime.vision.crops import cut, imagenet

BATCH = 32
"""At most so many crops at once, where the file leaves it open."""

USUAL = (256, 128)
"""Height and width of a person's crop where the file leaves them open: those of Market-1501's networks, OSNet's too."""

_log = logging.getLogger("numa_runtime")


class ReidExtractor:
    """Says what the objects in a frame look like, with an ONNX file of a ReID network: OSNet, FastReID, your own.

    Crops are stretched to the file's input size. Float inputs get red, green, blue with ImageNet's mean and spread
    (torchreid's and torchvision's convention); uint8 inputs get 0-255 as they are, for files that normalise
    themselves. Channels first and last are told apart by where the 3 is.

    Args:
        path: the ONNX file.
        device: auto, cpu, cuda, ...; see `numa_runtime.sessions.load`.
        threads: CPU threads; None means the usable physical cores.

    Raises:
        ModelError: missing, not ONNX, or not a network from one crop each to one vector each; the sentence says what
            the file has instead.
        DeviceError: an explicit device that cannot be honoured.

    Attributes:
        path: the file.
        size: height and width of a crop.
        batch: crops at once; fixed by the file, or at most 32.
        device: where it runs.
    """

    def __init__(self, path: str | Path, device: str | int | None = "auto", threads: int | None = None) -> None:
        self.path = expand(path, ModelError)
        if sniff(self.path) is not Format.ONNX:
            raise ModelError(f"{self.path.name} is no ONNX file", hint="reid=osnet.onnx: export the ReID network first")
        from numa_runtime.sessions.onnxruntime import open_raw, tensors

        self._session, self.device = open_raw(self.path, parse_device(device), thread_count(threads))
        inputs, outputs = tensors(self._session)
        self._input, self._last = _image_input(inputs, self.path.name)
        self._output = _vector_output(outputs, self.path.name)
        height, width = self._input.shape[1:3] if self._last else self._input.shape[2:4]
        self.size = fixed(height) or USUAL[0], fixed(width) or USUAL[1]
        self._fixed = fixed(self._input.shape[0])
        self.batch = self._fixed or BATCH
        if self._fixed == 1:
            _log.info("%s takes one crop at a time: export it with a dynamic batch to go faster", self.path.name)

    def __call__(self, frame: NDArray[Any], boxes: ArrayLike) -> NDArray[np.float32]:
        """Return float32 (n, D), of length 1: what each of n boxes holds; zeros where a box lies outside the frame.

        Args:
            frame: uint8 (H, W, 3) blue, green, red, or (H, W) grey.
            boxes: (n, 4) x1, y1, x2, y2, pixels.

        Raises:
            ModelError: the network fails, or gives something that is not a vector for each crop.
        """
        crops, seen = cut(frame, boxes, self.size)
        found = [self._run(crops[start : start + self.batch]) for start in range(0, len(crops), self.batch)]
        width = found[0].shape[1] if found else fixed(self._output.shape[1]) or 0
        vectors = np.zeros((len(np.reshape(boxes, (-1, 4))), width), np.float32)
        if found:
            vectors[seen] = np.concatenate(found)
        return vectors

    def _run(self, crops: NDArray[np.uint8]) -> NDArray[np.float32]:
        count = len(crops)
        if self._fixed is not None and count < self._fixed:
            crops = np.concatenate([crops, np.zeros((self._fixed - count, *crops.shape[1:]), np.uint8)])
        given: NDArray[Any] = crops if self._input.dtype == "uint8" else imagenet(crops).astype(self._input.dtype)
        given = np.ascontiguousarray(given if self._last else given.transpose(0, 3, 1, 2))
        try:
            (answer,) = self._session.run([self._output.name], {self._input.name: given})
        except Exception as error:
            raise ModelError(f"{self.path.name} failed while running: {str(error).strip()}") from error
        if len(answer) != len(given):
            raise ModelError(f"{self.path.name} gave {answer.shape} for {len(given)} crops, not a vector for each")
        vectors: NDArray[np.float32] = answer.reshape(len(given), -1)[:count].astype(np.float32)
        if not np.isfinite(vectors).all():
            raise ModelError(f"{self.path.name} gave numbers that are not finite", hint="try it in float32")
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
        return vectors


def _image_input(inputs: tuple[TensorInfo, ...], where: str) -> tuple[TensorInfo, bool]:
    """Return the one input, and whether its channels come last."""
    shown = ", ".join(map(str, inputs))
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or 3 not in (inputs[0].shape[1], inputs[0].shape[3]):
        raise ModelError(
            f"{where} is no ReID network: it takes {shown}, not pictures [batch, 3, height, width] or "
            "[batch, height, width, 3]",
            hint="reid=osnet.onnx wants a network from crops to vectors",
        )
    if inputs[0].dtype not in ("float32", "float16", "uint8"):
        raise ModelError(f"{where} takes {inputs[0].dtype}; float32, float16 and uint8 are known")
    return inputs[0], inputs[0].shape[1] != 3


def _vector_output(outputs: tuple[TensorInfo, ...], where: str) -> TensorInfo:
    """Return the first output that is a vector for each crop: [batch, D], or [batch, D, 1, 1]."""
    for output in outputs:
        if len(output.shape) >= 2 and all(axis == 1 for axis in output.shape[2:]) and output.shape[1] != 1:
            return output
    raise ModelError(
        f"{where} is no ReID network: it gives {', '.join(map(str, outputs))}, and no vector [batch, D]",
        hint="export it up to its features, without a detector's or a classifier's last part",
    )
