"""Engine, OpenVINO and TorchScript, from the tiny network to a proved artifact."""

from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest

from numa_export.exporting import export
from numa_export.formats.engine_tools import installed
from numa_runtime import golden
from numa_runtime.errors import EngineError, ModelError
from numa_runtime.sessions import load
from numa_runtime.sessions.describe import describe
from numa_runtime.sessions.tensorrt.container import open_engine
from numa_runtime.sessions.tensorrt.cuda import Gpu, Machine
from numa_runtime.sessions.tensorrt.header import Flavour

NOTHING = Machine(problem="no NVIDIA driver")
ADA = Machine((Gpu("NVIDIA L4", 89),))


@pytest.fixture
def rtx():
    return installed(Flavour.RTX) or pytest.skip('needs pip install "numa-deploy[rtx]"')


def names(folder):
    return sorted(child.name for child in folder.iterdir())


@pytest.mark.parametrize("half", [False, True])
def test_an_engine_from_a_file(exported, tmp_path, pictures, rtx, half):
    target = tmp_path / "tiny.engine"
    seen = []
    found = export(
        exported.path,
        "trt",
        images=pictures,
        output=target,
        half=half,
        target="sm89",
        machine=NOTHING,
        progress=lambda what, share: seen.append((what, share)),
    )
    assert names(tmp_path) == ["tiny.engine", "tiny.engine.json"]
    card = describe(target)
    assert card.engine.target_words == "SM89"
    assert (card.spec, card.precision, card.has_golden) == (exported.spec, "fp16" if half else "fp32", True)
    assert (card.record.builder, card.record.compute_capability) == ("TensorRT RTX", "sm89")
    assert card.record.builder_version == rtx.__version__
    assert found.parity.note == "through the ONNX: an SM89 GPU is needed to run the engine"
    assert found.lines()[1].startswith("engine")
    assert f"SM89, {'mixed fp16' if half else 'fp32'}  {target}" in found.lines()[1]
    assert [what for what, _ in seen][:3] == ["reading the graph", "proving", "building the engine"]
    assert seen[-1][1] == 1


def test_an_engine_from_the_network_keeps_its_onnx(network_class, tmp_path, pictures, rtx):
    found = export(
        network_class(),
        "engine",
        images=pictures,
        output=tmp_path,
        imgsz=128,
        half=True,
        target="sm86",
        machine=NOTHING,
    )
    assert names(tmp_path) == ["tiny.engine", "tiny.engine.json", "tiny.onnx"]
    assert [item.format.value for item in found.written] == ["onnx", "engine"]
    with load(tmp_path / "tiny.onnx", device="cpu") as session:
        assert golden.check_session(session).passed
        assert session.spec == describe(tmp_path / "tiny.engine").spec
    assert "numa.golden" in open_engine(tmp_path / "tiny.engine").metadata


def test_a_dynamic_engine_records_its_profile(dynamic, tmp_path, pictures, rtx, caplog):
    found = export(dynamic.path, "engine", images=pictures, output=tmp_path / "d.engine", max_batch=2, machine=NOTHING)
    assert found.record.profiles == ("1x64x64 .. 1x640x640 .. 2x640x640",)
    assert found.record.compute_capability == ""
    assert describe(found.path).engine.target_words == "SM80 and later"
    assert any("the engine is for every GPU from SM80" in line for line in caplog.messages)
    assert found.parity.note == "through the ONNX: a GPU is needed to run the engine"


@contextmanager
def on_gpu(path, shift=0.0):
    """Stand-in for a machine with the GPU: what the engine is asked, its source answers."""
    assert path.suffix in (".engine", ".onnx")
    if path.suffix == ".engine":
        assert describe(path).has_golden is False
        path = on_gpu.onnx
    else:
        shift = 0.0
    with load(path, device="cpu") as session:

        def run(batch):
            outputs = session.run(batch)
            return {**outputs, "boxes": outputs["boxes"] + np.float32(shift)}

        yield SimpleNamespace(spec=session.spec, golden=None, run=run, backend="gpu")


def test_where_the_gpu_is_here_the_engine_itself_is_proved(exported, tmp_path, pictures, rtx):
    on_gpu.onnx = exported.path
    found = export(exported.path, "engine", images=pictures, output=tmp_path / "t.engine", opener=on_gpu, machine=ADA)
    assert found.parity.note == "run on SM89"
    assert "gpu" in open_engine(found.path).metadata["numa.golden"]
    assert names(tmp_path) == ["t.engine", "t.engine.json"]
    with pytest.raises(ModelError, match=r"u\.engine does not answer like its source: 0 of \d+ rows matched"):
        export(
            exported.path,
            "engine",
            images=pictures,
            output=tmp_path / "u.engine",
            opener=lambda path: on_gpu(path, 5.0),
            machine=ADA,
        )
    assert names(tmp_path) == ["t.engine", "t.engine.json", "u.engine.rejected"]


def test_an_engine_that_turns_out_not_to_run_is_proved_by_its_onnx(exported, tmp_path, pictures, rtx, caplog):
    def opener(path):
        if path.suffix == ".engine":
            raise EngineError("cuda-bindings are missing")
        return load(path, device="cpu")

    found = export(exported.path, "engine", images=pictures, output=tmp_path / "t.engine", opener=opener, machine=ADA)
    assert found.parity.note.startswith("through the ONNX")
    assert caplog.messages[-1].endswith("so its ONNX proves it: cuda-bindings are missing")


def test_a_cancelled_build_leaves_nothing(exported, tmp_path, pictures, rtx):
    def stop(what, share):
        return share < 0.2

    with pytest.raises(EngineError, match="the engine's build was cancelled"):
        export(exported.path, "engine", images=pictures, output=tmp_path / "t.engine", machine=NOTHING, progress=stop)
    assert names(tmp_path) == []


@pytest.mark.parametrize("half", [False, True])
def test_openvino(exported, tmp_path, pictures, half):
    pytest.importorskip("openvino", reason='needs pip install "numa-deploy[openvino]"')
    target = tmp_path / "tiny_openvino_model"
    for _ in range(2):  # the second replaces the first
        found = export(exported.path, "openvino", images=pictures, output=target, half=half)
    assert names(tmp_path) == ["tiny_openvino_model"]
    assert names(target) == ["tiny.bin", "tiny.xml"]
    card = describe(target)
    assert (card.spec, card.precision) == (exported.spec, "fp16" if half else "fp32")
    with load(target, device="cpu") as session:
        assert golden.check_session(session).passed
    assert found.parity.outputs[0].max < (0.05 if half else 0.01)


@pytest.mark.parametrize("dynamic", [False, True])
def test_torchscript(network_class, tmp_path, pictures, dynamic):
    found = export(network_class(), "torchscript", images=pictures, output=tmp_path, imgsz=(96, 128), dynamic=dynamic)
    assert names(tmp_path) == ["tiny.torchscript"]
    size = (None, None) if dynamic else (96, 128)
    assert (found.spec.input.height, found.spec.input.width) == size
    assert found.spec.outputs[0].shape == ("batch" if dynamic else 1, 8, 4)
    with load(found.path, device="cpu") as session:
        assert golden.check_session(session).passed
    assert found.lines()[1].startswith("torchscript  0.1 MB")
    assert found.parity.outputs[0].max < 1e-4
