"""What is exported: a torch network, or one of our ONNX files; both give a graph and a reference."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnx
from numpy.typing import NDArray

from numa_export.formats.exportable import Deployed, Exportable, module_of
from numa_export.formats.finite import require_finite, require_finite_onnx
from numa_export.graph.editor import dims_of, opset_of, tensor_info
from numa_export.graph.finish import read_onnx
from numa_export.graph.fixed import fix_size
from numa_export.graph.image_input import image_input
from numa_export.graph.metadata import Contract, properties, read_contract
from numa_export.plan import ExportPlan, Given, Precision
from numa_export.proof import Predictor
from numa_runtime.contract import ModelSpec
from numa_runtime.contract.choosing import probable_family
from numa_runtime.contract.foreign import adopt_hint
from numa_runtime.contract.tensor import fixed
from numa_runtime.errors import ModelError, UsageError
from numa_runtime.options.readers import as_pair
from numa_runtime.paths import expand


class Origin(Protocol):
    """Something to export. `path` is the file it came from, if there is one; `size` its weights in bytes."""

    @property
    def name(self) -> str: ...
    @property
    def spec(self) -> ModelSpec: ...
    @property
    def path(self) -> Path | None: ...
    @property
    def given(self) -> Given: ...
    @property
    def size(self) -> int: ...
    def sha256(self) -> str:
        """Return the hash of the file, or of the weights where there is none."""
        ...

    def graph(self, plan: ExportPlan) -> onnx.ModelProto:
        """Return a new float32 (or as it is) graph of the planned size, without a contract."""
        ...

    def reference(self) -> Any:
        """Return a context manager that gives the predictor the artifact is proved against."""
        ...


class NetworkOrigin:
    """A torch network: deployed once, traced, and run in float32 as the reference.

    asked: which inference form, as words of `Exportable.deploy`.

    Raises:
        ModelError: a weight is NaN or infinite, or the network has no boxes that could have features.
        UsageError: the network has no such form.
    """

    def __init__(self, network: Exportable, path: Path | None = None, asked: Mapping[str, Any] | None = None) -> None:
        self.deployed: Deployed = network.deploy(**(asked or {}))
        self.spec = self.deployed.spec
        self.path = path
        self.name = path.name if path else self.spec.name or type(network).__name__
        usual = self.spec.input.imgsz
        self.given = Given(self.name, stride=self.spec.stride, usual=as_pair(usual) if usual else None)
        module = module_of(self.deployed)
        weights = module.state_dict()
        require_finite(weights, self.name)
        self.size = sum(tensor.numel() * tensor.element_size() for tensor in weights.values())

    def sha256(self) -> str:
        if self.path is not None and self.path.is_file():
            return _sha256_of(self.path)
        digest = hashlib.sha256()
        for name, tensor in sorted(module_of(self.deployed).state_dict().items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(tensor.detach().cpu().numpy()).tobytes())
        return digest.hexdigest()

    def graph(self, plan: ExportPlan) -> onnx.ModelProto:
        from numa_export.formats.onnx_graph import to_onnx

        return to_onnx(self.deployed, plan)

    @contextmanager
    def reference(self) -> Iterator[Predictor]:
        import torch

        module, names = module_of(self.deployed), self.deployed.output_names

        def run(batch: NDArray[Any]) -> dict[str, NDArray[Any]]:
            with torch.inference_mode():
                outputs = module(torch.from_numpy(np.ascontiguousarray(batch)))
            return {name: output.numpy() for name, output in zip(names, outputs, strict=True)}

        yield run


class FileOrigin:
    """One of our ONNX files; the reference is the file itself in ONNX Runtime.

    Raises:
        ModelError: not an ONNX file, not one of ours, or a weight is NaN.
    """

    def __init__(self, path: Path) -> None:
        self.path: Path | None = path
        self.name = path.name
        self._file = path
        self._model = read_onnx(path)
        contract = read_contract(self._model)
        if contract is None:
            raise ModelError(
                f"{path.name} carries no contract of ours, so export does not know what it is",
                hint=_adopt_hint(self._model, path),
            )
        require_finite_onnx(self._model, path.name)
        self.spec = contract.spec
        self.given = _given(self._model, contract, path.name)
        self.size = path.stat().st_size

    def sha256(self) -> str:
        return _sha256_of(self._file)

    def graph(self, plan: ExportPlan) -> onnx.ModelProto:
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        del model.metadata_props[:]
        if not plan.dynamic:
            fix_size(model, plan.batch, *plan.size)
        return model

    @contextmanager
    def reference(self) -> Iterator[Predictor]:
        from numa_runtime.sessions import load

        with load(self._file, device="cpu") as session:
            yield session.run


def open_origin(
    model: Exportable | str | Path, source: str | Path | None = None, asked: Mapping[str, Any] | None = None
) -> Origin:
    """Return what `model` is: a network (`source` is the file it was built from), or the path of an ONNX file.

    Args:
        model: a network, or the path of one of our ONNX files.
        source: the file a network was built from.
        asked: words of `Exportable.deploy`, for a network; a file has the form it has.

    Raises:
        ModelError: a file that is not ours, or weights that are not numbers.
        UsageError: neither.
    """
    if isinstance(model, str | Path):
        path = expand(model, ModelError)
        if path.suffix.lower() in (".pt", ".yaml", ".yml"):
            raise UsageError(
                f"{path} is a network's file; here networks are given as objects",
                hint=f"numa_deploy.network.build or load gives one, or: numa-deploy export --model {path}",
            )
        return FileOrigin(path)
    if isinstance(model, Exportable):
        return NetworkOrigin(model, Path(source) if source is not None else None, asked)
    raise UsageError(
        f"a {type(model).__name__} cannot be exported: it has no spec and no deploy()",
        hint="give a network of numa_deploy.network, or one of our .onnx files",
    )


def _adopt_hint(model: onnx.ModelProto, path: Path) -> str:
    stored = {init.name for init in model.graph.initializer}
    inputs = [tensor_info(value) for value in model.graph.input if value.name not in stored]
    outputs = [tensor_info(value) for value in model.graph.output]
    family = probable_family(properties(model), inputs, outputs)
    return adopt_hint(str(path), family) if family else f"numa-deploy inspect {path}"


def _given(model: onnx.ModelProto, contract: Contract, name: str) -> Given:
    shape = dims_of(image_input(model.graph))
    batch, height, width = fixed(shape[0]), fixed(shape[2]), fixed(shape[3])
    word = contract.record.precision if contract.record else Precision.FP32.value
    known = [member.value for member in Precision]
    return Given(
        name=name,
        fixed=True,
        stride=contract.spec.stride,
        size=(height, width) if height is not None and width is not None else None,
        batch=batch,
        precision=Precision(word) if word in known else Precision.FP32,
        opset=opset_of(model),
        features=contract.spec.has_features,
        ball_frames=contract.spec.groups,
    )


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
