"""`export --features`: every format gives the same appearance features as torch, and none unless asked."""

import numpy as np
import onnx
import pytest

from numa_export.exporting import export
from numa_export.formats.engine_tools import installed
from numa_runtime import golden
from numa_runtime.errors import ModelError, UsageError
from numa_runtime.sessions import load
from numa_runtime.sessions.describe import describe
from numa_runtime.sessions.tensorrt.cuda import Machine
from numa_runtime.sessions.tensorrt.header import Flavour
from numa_runtime.vision.decode import DecodeOptions, decoder_for
from numa_runtime.vision.prepare import Preparer

NOTHING = Machine(problem="no NVIDIA driver")
SMALL = {
    "task": "pose",
    "nc": 1,
    "names": ["player"],
    "kpt_shape": [5, 3],
    "backbone": [[-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [16, 3, 2]], [-1, 1, "Conv", [16, 3, 2]]],
    "head": [[-1, 1, "Conv", [32, 3, 2]], [-1, 1, "Conv", [48, 3, 2]], [[2, 3, 4], 1, "PoseHead", {}]],
}


@pytest.fixture(scope="module")
def network():
    torch = pytest.importorskip("torch", reason='needs pip install "numa-deploy[train]"')
    pytest.importorskip("onnxscript", reason='needs pip install "numa-deploy[train]"')
    from numa_deploy.network import build

    network = build(SMALL, seed=4)
    generator = torch.Generator().manual_seed(0)
    for name, values in network.state_dict().items():
        if name.endswith("weight") and values.ndim == 4 and "dfl" not in name:
            values.mul_(2.5)
        if name.endswith("2.bias"):
            values.normal_(0, 1, generator=generator)
    return network.eval()


@pytest.fixture(scope="module")
def written(network, tmp_path_factory, pictures):
    """The report of a static ONNX with features."""
    folder = tmp_path_factory.mktemp("features")
    return export(network, images=pictures, output=folder / "small.onnx", imgsz=(96, 128), features=True)


def errors(report):
    return {part.name: part for part in report.parity.outputs}


def answer(network, path, pictures):
    """Run torch and the artifact on the same pictures; return both sides' outputs."""
    from numa_deploy.network.session import TorchSession

    with load(path, device="cpu") as session, TorchSession(network.deploy(features=True), threads=1) as torch:
        batch, _ = Preparer(session.spec, (96, 128))(pictures[:1])
        return torch.run(batch), {name: values.copy() for name, values in session.run(batch).items()}


def check_equal(one, two):
    """Rows are in the order of their scores, which is the same wherever two scores are not equal."""
    assert one.keys() == two.keys()
    assert one["features"].shape == two["features"].shape
    near = np.linalg.norm(one["boxes"][0][:, None] - two["boxes"][0][None], axis=2).argmin(1)
    np.testing.assert_allclose(two["features"][0][near], one["features"][0], atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(two["features"], axis=2), 1, atol=1e-5)


def test_onnx_runtime_says_what_torch_says(network, written, pictures):
    assert errors(written)["features"].max < 1e-4
    assert "features" in written.lines()[2]
    assert written.to_dict()["proof"]["max_feature_error"] < 1e-4
    assert written.to_dict()["options"]["features"] == "true"
    check_equal(*answer(network, written.path, pictures))


def test_the_artifact_says_it_has_them(written):
    card = describe(written.path)
    assert card.spec.has_features
    assert {out.name: out.shape for out in card.spec.outputs}["features"] == (1, 252, 48)
    with load(written.path, device="cpu") as session:
        assert golden.check_session(session).passed


def test_openvino_from_the_file_keeps_them(network, written, pictures, tmp_path):
    pytest.importorskip("openvino", reason='needs pip install "numa-deploy[openvino]"')
    found = export(written.path, "openvino", images=pictures, output=tmp_path)
    assert errors(found)["features"].max < 1e-3
    assert found.spec.has_features
    check_equal(*answer(network, found.path, pictures))


def test_torchscript(network, pictures, tmp_path):
    found = export(network, "torchscript", images=pictures, output=tmp_path, imgsz=(96, 128), features=True)
    one, two = answer(network, found.path, pictures)
    check_equal(one, {name: values[:, :252] for name, values in two.items()})  # a trace pads to 1,000 rows


@pytest.mark.slow
def test_a_dynamic_onnx(network, pictures, tmp_path):
    found = export(network, images=pictures, output=tmp_path / "d.onnx", imgsz=(96, 128), features=True, dynamic=True)
    assert errors(found)["features"].max < 1e-3
    assert {out.name: out.shape for out in found.spec.outputs}["features"] == ("batch", 1000, 48)
    one, two = answer(network, found.path, pictures)
    check_equal(one, {name: values[:, :252] for name, values in two.items()})


def test_half_keeps_them_in_float32(written, pictures, tmp_path):
    found = export(written.path, images=pictures, output=tmp_path / "half.onnx", half=True)
    assert 0 < errors(found)["features"].max < 0.1
    with load(found.path, device="cpu") as session:
        batch, _ = Preparer(session.spec, (96, 128))(pictures[:1])
        features = session.run(batch)["features"]
    assert features.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(features, axis=2), 1, atol=1e-5)


@pytest.mark.parametrize("half", [False, True])
def test_an_engine_takes_them(written, pictures, tmp_path, half):
    if installed(Flavour.RTX) is None:
        pytest.skip('needs pip install "numa-deploy[rtx]"')
    words = {"images": pictures, "output": tmp_path / "s.engine", "target": "sm89", "machine": NOTHING}
    assert describe(export(written.path, "engine", half=half, **words).path).spec.has_features


def test_off_by_default_to_the_byte(network, written, pictures, tmp_path):
    words = {"images": pictures, "imgsz": (96, 128), "created": "2026-11-21"}
    files = [
        export(network, output=tmp_path / f"{name}.onnx", **words, **more).path.read_bytes()
        for name, more in (("a", {}), ("b", {"features": False}))
    ]
    assert files[0] == files[1]
    plain, more = onnx.load_from_string(files[0]), onnx.load(written.path)
    assert [value.name for value in plain.graph.output] == ["boxes", "scores", "keypoints"]
    assert [value.name for value in more.graph.output] == ["boxes", "scores", "keypoints", "features"]
    kinds = [node.op_type for node in plain.graph.node]
    added = [node.op_type for node in more.graph.node]
    assert all(kinds.count(kind) <= added.count(kind) for kind in set(kinds))
    assert kinds.count("Conv") == added.count("Conv")


def test_a_file_without_them_cannot_get_them(exported, pictures, tmp_path):
    with pytest.raises(UsageError, match=r"features were asked for, but tiny\.onnx has none"):
        export(exported.path, "openvino", images=pictures, output=tmp_path, features=True)


def test_an_artifact_that_answers_otherwise_is_refused(written, pictures, tmp_path):
    """The features of two neighbours are exchanged: boxes and scores alone would not tell."""
    from contextlib import contextmanager
    from types import SimpleNamespace

    @contextmanager
    def opener(path):
        with load(path, device="cpu") as session:

            def run(batch):
                outputs = session.run(batch)
                return {**outputs, "features": np.roll(outputs["features"], 1, axis=1)}

            yield SimpleNamespace(spec=session.spec, golden=None, run=run, backend="odd")

    with pytest.raises(ModelError, match=r"odd\.onnx does not answer like its source: features [\d.]+ max is over"):
        export(written.path, images=pictures, output=tmp_path / "odd.onnx", opener=opener)


def test_features_arrive_beside_their_boxes(network, written, pictures):
    expected, _ = answer(network, written.path, pictures)
    with load(written.path, device="cpu") as session:
        batch, _ = Preparer(session.spec, (96, 128))(pictures[:1])
        found = decoder_for(session.spec)(session.run(batch), 0, DecodeOptions(conf=0.001)).detections
    assert len(found) > 1
    rows = np.linalg.norm(expected["boxes"][0][None] - found.xyxy[:, None], axis=2).argmin(1)
    np.testing.assert_allclose(found.features, expected["features"][0][rows], atol=1e-4)
