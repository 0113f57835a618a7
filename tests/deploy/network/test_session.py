import numpy as np
import pytest
import torch
from npz_weights import load_npz
from support import shared_data

from numa_deploy.network.builder import build
from numa_deploy.network.session import TorchSession, choose_device
from numa_runtime.errors import DeviceError, ModelError
from numa_runtime.pipeline.model import Model
from numa_runtime.sessions.base import Session


@pytest.fixture
def session():
    with TorchSession(build("multitask-n").deploy(), "best.pt", device="cpu", threads=1) as opened:
        yield opened


def test_it_is_a_session(session):
    assert isinstance(session, Session)
    assert (session.backend, session.path, session.device) == ("torch", "best.pt", "cpu, 1 thread")
    assert str(session.inputs[0]) == "images [batch, 10, height, width] uint8"
    assert [info.name for info in session.outputs] == ["boxes", "scores", "keypoints", "balls"]
    assert session.golden is None


def test_arrays_in_arrays_out(session):
    batch = np.random.default_rng(0).integers(0, 256, (2, 10, 32, 64), dtype=np.uint8)
    found = session.run(batch)
    assert {name: array.shape for name, array in found.items()} == {
        "boxes": (2, 42, 4),
        "scores": (2, 42, 1),
        "keypoints": (2, 42, 17, 3),
        "balls": (2, 10, 5, 6),
    }
    assert all(array.dtype == np.float32 for array in found.values())


@pytest.mark.parametrize(
    ("batch", "text"),
    [
        (
            np.zeros((1, 3, 32, 32), np.uint8),
            r"takes images \[batch, 10, height, width\] uint8; the batch is \[1, 3, 32, 32\]",
        ),
        (np.zeros((1, 10, 32, 32), np.float32), "the batch is .* float32"),
        (np.zeros((1, 10, 32, 40), np.uint8), "takes sides that are multiples of 32; the batch is 32x40"),
    ],
)
def test_a_wrong_batch_is_refused(session, batch, text):
    with pytest.raises(ModelError, match=text):
        session.run(batch)


def test_a_closed_session_says_so(session):
    session.close()
    with pytest.raises(ModelError, match=r"the session of best.pt is closed"):
        session.run(np.zeros((1, 10, 32, 32), np.uint8))


def test_the_pipeline_runs_a_clip_through_it(session):
    model = Model(session)
    model.set_options(imgsz=64)
    model.start()
    for _ in range(2):
        result = model(np.full((48, 64, 3), 90, np.uint8))
    assert len(result.boxes) == 0
    assert result.orig_shape == (48, 64)


def test_devices_by_word():
    assert choose_device("cpu") == torch.device("cpu")
    with pytest.raises(DeviceError, match="torch knows no device 'gpu'"):
        choose_device("gpu")
    missing = torch.cuda.device_count()
    with pytest.raises(DeviceError, match=f"device cuda:{missing} was asked for, but torch .* sees {missing} "):
        choose_device(missing)


@pytest.mark.parametrize("name", ["yolov8n", "yolov8n-pose", "yolo11n"])
def test_real_weights_find_real_people(name):
    path = shared_data("weights", "npz", f"{name}.fused-int8.npz")
    photo = shared_data("coco", "coco8-pose", "images", "val")
    picture = sorted(photo.glob("*.jpg"))[0]
    from numa_runtime.sources.pixels import read_image

    with TorchSession(load_npz(path).deploy(), name, device="cpu") as session:
        model = Model(session)
        model.set_options(imgsz=320)
        model.start(still=True)
        result = model(read_image(picture))
    assert "person" in {result.names[int(label)] for label in result.boxes.cls}
    assert result.boxes.conf.max() > 0.5
