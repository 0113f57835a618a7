import pickle
import subprocess
import sys
from types import ModuleType

import numpy as np
import pytest
import torch
from npz_weights import load_npz

from numa_deploy.network.builder import build
from numa_deploy.network.checkpoint import FORMAT_KEY, load, read, save
from numa_deploy.network.state import load_state
from numa_runtime.contract import SPEC_KEY
from numa_runtime.errors import ContractError, ModelError, SinkError


@pytest.fixture(scope="module")
def network():
    return build("multitask-n", names=["player"])


@pytest.mark.parametrize("words", [{}, {"track": False}, {"pose": False}], ids=str)
def test_what_was_saved_comes_back(words, tmp_path):
    first = build("multitask-n", **words, seed=4)
    again = load(save(first, tmp_path / "runs" / "best.pt", extra={"epoch": 3}))
    assert again.spec == first.spec
    assert again.config == first.config
    assert again.state_dict().keys() == first.state_dict().keys()
    assert all(tensor.equal(first.state_dict()[name]) for name, tensor in again.state_dict().items())
    assert not again.training
    assert read(tmp_path / "runs" / "best.pt")["extra"] == {"epoch": 3}
    images = first.example_input(32, 32)
    assert all(value.equal(first.infer(images)[name]) for name, value in again.infer(images).items())


def test_a_folded_network_comes_back_folded(tmp_path):
    first = build("yolov8n", nc=2).fuse()
    again = load(save(first, tmp_path / "folded.pt"))
    assert again.is_fused
    assert "model.0.conv.bias" in again.state_dict()


def test_nothing_is_written_when_weights_are_not_numbers(tmp_path):
    broken = build("yolov8n", nc=1)
    broken.state_dict()["model.22.cv3.1.2.bias"][0] = float("inf")
    with pytest.raises(ModelError, match=r"model.22.cv3.1.2.bias hold 1 values of 1 that are NaN or infinite"):
        save(broken, tmp_path / "x.pt")
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_breaks_off_leaves_nothing(network, tmp_path, monkeypatch):
    def half_way(plain, file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", half_way)
    with pytest.raises(SinkError, match="the disk is full"):
        save(network, tmp_path / "x.pt")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_missing_or_no_checkpoint(tmp_path):
    with pytest.raises(ModelError, match="there is no checkpoint"):
        load(tmp_path / "none.pt")
    for content in (b"", b"hello, I am text", b"PK\x03\x04 cut off"):
        path = tmp_path / "text.pt"
        path.write_bytes(content)
        with pytest.raises(ModelError, match=r"text.pt is not a checkpoint, or a damaged one"):
            load(path)


def test_a_truncated_checkpoint_is_refused(network, tmp_path):
    path = save(network, tmp_path / "cut.pt")
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(ModelError, match=r"cut.pt"):
        load(path)


def test_bare_weights_have_no_contract(network, tmp_path):
    torch.save(network.state_dict(), tmp_path / "weights.pt")
    with pytest.raises(ModelError, match=r"weights.pt is not a checkpoint of numa-deploy: it holds .*model.0.conv"):
        load(tmp_path / "weights.pt")
    torch.save(torch.zeros(2), tmp_path / "tensor.pt")
    with pytest.raises(ModelError, match="it holds a Tensor, and no contract"):
        load(tmp_path / "tensor.pt")


@pytest.mark.parametrize(
    ("module", "text", "hint"),
    [
        (
            "ultralytics.nn.tasks",
            "foreign.pt: the DetectionModel inside has no configuration",
            "YOLOv8, YOLO11 and YOLO26",
        ),
        ("somebody.models", "foreign.pt holds pickled objects", "plain dict of tensors"),
    ],
)
def test_pickled_classes_are_refused_and_the_way_is_named(module, text, hint, tmp_path, monkeypatch):
    stranger = type("DetectionModel", (), {"__module__": module})
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        monkeypatch.setitem(sys.modules, ".".join(parts[:count]), ModuleType(".".join(parts[:count])))
    monkeypatch.setattr(sys.modules[module], "DetectionModel", stranger, raising=False)
    path = tmp_path / "foreign.pt"
    torch.save({"model": stranger()}, path, pickle_module=pickle)
    with pytest.raises(ModelError, match=text) as caught:
        load(path)
    assert hint in caught.value.hint


def test_a_contract_that_contradicts_the_network_is_refused(network, tmp_path):
    path = save(network, tmp_path / "x.pt")
    plain = torch.load(path, weights_only=True)
    plain[SPEC_KEY] = plain[SPEC_KEY].replace('"stride":32', '"stride":64')
    torch.save(plain, path)
    with pytest.raises(ContractError, match="does not describe the network inside"):
        load(path)
    torch.save({**plain, FORMAT_KEY: 9}, path)
    with pytest.raises(ModelError, match="has the checkpoint format 9; this numa-deploy reads 1"):
        load(path)
    del plain["config"]
    torch.save(plain, path)
    with pytest.raises(ModelError, match=r"damaged checkpoint: KeyError..config"):
        load(path)


def test_weights_that_do_not_fit_are_named():
    small = build("yolov8n", nc=2)
    state = dict(build("yolov8n", nc=3).state_dict())
    with pytest.raises(ModelError, match=r"model.22.cv3.0.2.weight has the shape \[3, 64, 1, 1\].*head with nc=2"):
        load_state(small, state, "other.pt")
    del state["model.0.conv.weight"]
    state["stray"] = torch.zeros(1)
    with pytest.raises(ModelError, match=r"1 missing .first: model.0.conv.weight. and 1 unknown .first: stray."):
        load_state(small, state, "other.pt")


def test_track_weights_of_other_numbers_name_all_four(network):
    state = dict(network.state_dict())
    state["model.24.cv2.0.0.weight"] = torch.zeros(64, 32, 1, 1)
    with pytest.raises(ModelError, match="track head: num_groups G=10, feat_no F=8, reg_max R=16, nc=1"):
        load_state(network, state, "other.pt")


def _npz(path, network, drop=()):
    """Write folded weights as int8 with a scale per channel."""
    arrays = {}
    for name, tensor in network.fuse().state_dict().items():
        array = tensor.numpy()
        if name in drop:
            continue
        if array.ndim != 4 or "dfl" in name:
            arrays[name] = array
            continue
        scale = np.abs(array).max((1, 2, 3), keepdims=True) / 127 + 1e-12
        quantised = np.round(array / scale).astype(np.int8)
        if quantised.shape[1] == 1 and "cv3.0.0.0" in name:  # a depthwise convolution, written by groups
            quantised, scale = quantised[:, None], scale[:, None]
        arrays[name], arrays[name + "_scale"] = quantised, scale.astype(np.float32)
    np.savez(path, **arrays)


@pytest.mark.parametrize("name", ["yolov8n-pose", "yolo11n"])
def test_int8_weights_are_restored(name, tmp_path):
    original = build(name, nc=2, seed=9)
    path = tmp_path / f"{name}.int8.npz"
    _npz(path, original)
    restored = load_npz(path)
    assert restored.is_fused
    assert restored.spec.names == ("class0", "class1")
    for key, tensor in restored.state_dict().items():
        limit = original.state_dict()[key].abs().max() / 250 + 1e-6
        assert (tensor - original.state_dict()[key]).abs().max() <= limit, key


def test_weights_that_lack_an_array_are_refused_by_its_name(tmp_path):
    path = tmp_path / "yolov8n.npz"
    _npz(path, build("yolov8n", nc=1), drop=("model.9.cv1.conv.bias",))
    with pytest.raises(ModelError, match=r"1 missing .first: model.9.cv1.conv.bias"):
        load_npz(path)


FULL = """
import resource, signal, sys
from pathlib import Path
from numa_deploy.network import build, load, save
from numa_runtime.errors import SinkError

network, file = build(sys.argv[1]), Path(sys.argv[2])
save(network, file)
before = file.read_bytes()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    save(network, file)
except SinkError as error:
    print(error.what)
assert file.read_bytes() == before
assert [one.name for one in file.parent.iterdir()] == [file.name]
load(file)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on file sizes")
def test_no_space_is_said_and_leaves_the_last_checkpoint(tmp_path):
    """A process of its own may write no file of more than 100 kB, as on a disk that is full."""
    file = tmp_path / "weights" / "last.pt"
    done = subprocess.run(
        [sys.executable, "-c", FULL, "yolov8n", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{file}: cannot be written: File too large\n"
