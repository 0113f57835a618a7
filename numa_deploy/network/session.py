"""The torch session: a network as arrays in, arrays out, like any artifact."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from numa_deploy.network.deploy.module import Deployed
from numa_runtime.contract import BuildRecord, ModelSpec
from numa_runtime.contract.tensor import TensorInfo
from numa_runtime.errors import DeviceError, ModelError
from numa_runtime.sessions.running import BaseSession
from numa_runtime.sessions.threads import thread_count


class TorchSession(BaseSession):
    """Runs the inference form of a network.

    Args:
        module: made by `Network.deploy()`; it is moved to the device.
        path: the checkpoint it came from, or a name for messages.
        device: "auto" (CUDA where available, else CPU), "cpu", "cuda", "cuda:1", 0.
        threads: CPU threads of this process; None means the usable physical cores.
        record: how the checkpoint was made, if it says.

    Raises:
        DeviceError: an explicit device that does not exist.
    """

    backend = "torch"

    def __init__(
        self,
        module: Deployed,
        path: str = "",
        device: str | int = "auto",
        threads: int | None = None,
        record: BuildRecord | None = None,
    ) -> None:
        self.path = path or module.spec.name
        super().__init__(self.path)
        self.spec: ModelSpec = module.spec
        self.record = record
        self.golden: str | None = None
        self._device = choose_device(device)
        self._module: Any = module.to(self._device)
        self._names = module.output_names
        self.device = str(self._device)
        if self._device.type == "cpu":
            count = thread_count(threads)
            torch.set_num_threads(count)
            self.device = f"cpu, {count} thread{'s' if count > 1 else ''}"
        model_input = self.spec.input
        size = (
            model_input.batch or "batch",
            model_input.planes,
            model_input.height or "height",
            model_input.width or "width",
        )
        self.inputs = (TensorInfo(model_input.name, size, model_input.dtype),)
        self.outputs = tuple(TensorInfo(out.name, out.shape, "float32") for out in self.spec.outputs)

    def _run(self, batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
        self._check_size(batch.shape)
        with torch.inference_mode():
            images = torch.from_numpy(np.ascontiguousarray(batch)).to(self._device)
            arrays = [output.cpu().numpy() for output in self._module(images)]
        return dict(zip(self._names, arrays, strict=True))

    def _check_size(self, shape: tuple[int, ...]) -> None:
        stride = self.spec.stride
        if shape[2] % stride or shape[3] % stride:
            raise ModelError(
                f"{self.path} takes sides that are multiples of {stride}; the batch is {shape[2]}x{shape[3]}",
                hint="letterbox the frames to a multiple of the stride",
            )

    def _release(self) -> None:
        self._module = None


def choose_device(device: str | int) -> torch.device:
    """Return the torch device a word means.

    Raises:
        DeviceError: not a device, or one that this torch does not have.
    """
    word = f"cuda:{device}" if isinstance(device, int) or device.isdigit() else device.lower()
    if word == "auto":
        return torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
    try:
        wanted = torch.device(word)
    except RuntimeError as error:
        raise DeviceError(f"torch knows no device {device!r}", hint="auto, cpu, cuda or cuda:1") from error
    if wanted.type == "cuda" and (wanted.index or 0) >= torch.cuda.device_count():
        raise DeviceError(
            f"device {word} was asked for, but torch {torch.__version__} sees {torch.cuda.device_count()} CUDA GPUs",
            hint="--device cpu, or a torch with CUDA (https://pytorch.org/get-started)",
        )
    if wanted.type == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("device mps was asked for, but this torch has no Metal", hint="--device cpu")
    return wanted
